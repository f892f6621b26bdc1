public import Database
public import Foundation
public import StateMachines

/// A record that was locked, and its facts.
public struct Loaded<Facts: Governed>: Sendable {
    /// Where it stands.
    public var standing: RecordStanding
    /// Its facts.
    public var facts: Facts

    /// Makes a loaded record.
    public init(standing: RecordStanding, facts: Facts) {
        (self.standing, self.facts) = (standing, facts)
    }
}

/// The code behind one machine's file: its rules, and how its records are loaded and written.
///
/// Statements are values, because the engine sends all that a move reads in one round trip and all that it writes in
/// another. None of them may commit, and none may touch another machine's state.
public protocol Lifecycle: Sendable {
    /// What guards look at and applies change.
    associatedtype Facts: Governed

    /// The name of the machine.
    static var machine: String { get }

    /// The code behind the names of the file.
    var rules: Rules<Facts> { get }

    /// Reads a record, with its aggregate's lock and then its own when `locking`.
    ///
    /// - Parameters:
    ///   - id: The record.
    ///   - command: What is asked, for facts that depend on it; nil for a timer and for looking.
    ///   - locking: Whether it is about to be changed.
    /// - Returns: The statements, which run in this order in one round trip.
    func load(_ id: UUID, for command: Command?, locking: Bool) -> [SQL]

    /// The record, out of the results of ``load(_:for:locking:)`` in the same order; nil when there is none.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    func loaded(_ results: [StatementResult]) throws -> Loaded<Facts>?

    /// Reads, under the aggregate's lock, what a new record is made from.
    func prepare(from origin: UUID) -> [SQL]

    /// The facts with which a new record begins, out of the results of ``prepare(from:)``; nil when there is no origin.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    func prepared(_ results: [StatementResult], id: UUID) throws -> Facts?

    /// Writes a new record with its state.
    func insert(_ change: Change<Facts>) -> [SQL]

    /// Writes what a change makes different, the state by compare and swap against `before`.
    func update(_ change: Change<Facts>, before: Loaded<Facts>) -> [SQL]
}
