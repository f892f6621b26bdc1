public import Database
import Foundation
public import StateMachines

/// A record that was locked, and its facts.
public struct Loaded<Facts: Governed>: Sendable {
    /// Where it stands.
    public var standing: RecordStanding
    /// Its facts.
    public var facts: Facts

    /// Makes a loaded record.
    public init(standing: RecordStanding, facts: Facts) {
        self.standing = standing
        self.facts = facts
    }
}

/// The code behind one machine's file: its rules, and how its records are found, made, loaded and written.
///
/// Statements are values, because the engine sends all that a move reads in one round trip and all that it writes in
/// another. None of them may commit, and none may touch another machine's state.
public protocol Lifecycle: Sendable {
    /// What guards look at and applies change.
    associatedtype Facts: Governed

    /// The name of the machine.
    static var machine: String { get }

    /// The name of this value's machine; ``machine``, unless one type stands for several.
    var machineName: String { get }

    /// The code behind the names of the file.
    var rules: Rules<Facts> { get }

    /// Which records a reaction of this machine reaches, by the finder's name.
    var finders: [String: Finder] { get }

    /// What a reaction of this machine makes, by the factory's name.
    var factories: [String: Factory<Facts>] { get }

    /// Reads records, with their aggregates' locks and then their own when `locking`.
    ///
    /// - Parameters:
    ///   - records: A query that gives their ids in one column.
    ///   - command: What is asked, for facts that depend on it; nil for a timer and for looking.
    ///   - locking: Whether they are about to be changed.
    /// - Returns: The statements, which run in this order in one round trip.
    func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL]

    /// The records, out of the results of ``load(_:for:locking:)`` in the same order.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    func loaded(_ results: [StatementResult]) throws -> [Loaded<Facts>]

    /// Reads, under its locks, what a new record is made from.
    ///
    /// - Parameter command: The command; its inputs are the body of the request.
    /// - Returns: The statements, which run in this order in one round trip.
    /// - Throws: `Refusal` with 422 and every fault of the body.
    func prepare(_ command: Command) throws -> [SQL]

    /// The facts with which a new record begins, out of the results of ``prepare(_:)``; nil when there is nothing to make
    /// it from.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded.
    func prepared(_ results: [StatementResult], for command: Command) throws -> Facts?

    /// Writes a new record with its state.
    func insert(_ change: Change<Facts>) -> [SQL]

    /// Writes what a change makes different, the state by compare and swap against `before`.
    func update(_ change: Change<Facts>, before: Loaded<Facts>) -> [SQL]
}

extension Lifecycle {
    /// ``machine``.
    public var machineName: String { Self.machine }
}
