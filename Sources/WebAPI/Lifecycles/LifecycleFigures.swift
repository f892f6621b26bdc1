import Database
public import Foundation
public import StateMachines

/// What is in one state of a machine at this moment.
public struct StateFigures: Sendable, Hashable {
    /// The state.
    public var state: String
    /// How many records are in it.
    public var records: Int
    /// Since when the one that is in it longest is.
    public var oldestSince: Date?
    /// How long records usually stay: the median of those that have left; nil before three have.
    public var median: TimeInterval?
    /// How long one may stay before it counts as stuck; nil where nothing says so.
    public var bound: TimeInterval?
    /// How many have been in it for longer.
    public var stuck: Int

    /// Makes figures.
    public init(
        state: String, records: Int, oldestSince: Date? = nil, median: TimeInterval? = nil,
        bound: TimeInterval? = nil, stuck: Int = 0
    ) {
        (self.state, self.records, self.oldestSince) = (state, records, oldestSince)
        (self.median, self.bound, self.stuck) = (median, bound, stuck)
    }

    init(_ row: Row) throws {
        self.init(
            state: try row.value("state"), records: try row.value("records"), oldestSince: try row.optional("oldest"),
            median: try row.optional("median", as: Int.self).map(TimeInterval.init),
            bound: try row.optional("bound", as: Int.self).map(TimeInterval.init), stuck: try row.value("stuck"))
    }

    var json: JSONValue {
        .object([
            "state": .string(state), "records": .count(records), "oldest_since": .moment(oldestSince),
            "median_seconds": median.map { .integer(Int64($0)) } ?? .null,
            "bound_seconds": bound.map { .integer(Int64($0)) } ?? .null, "stuck": .count(stuck),
        ])
    }

    static let schema = Schema.object([
        .init("state", .text()), .init("records", .integer()), .init("oldest_since", .optional(.moment)),
        .init("median_seconds", .optional(.integer())), .init("bound_seconds", .optional(.integer())),
        .init("stuck", .integer()),
    ])
}

/// How often a move led from one state to another.
public struct MoveTraffic: Sendable, Hashable {
    /// The move; `create` for the making of a record.
    public var move: String
    /// The state before; nil for `create`.
    public var from: String?
    /// The state after.
    public var to: String
    /// How often.
    public var moves: Int

    init(_ row: Row) throws {
        (move, from) = (try row.value("move"), try row.optional("from_state"))
        (to, moves) = (try row.value("to_state"), try row.value("moves"))
    }

    var json: JSONValue {
        .object(["move": .string(move), "from": .text(from), "to": .string(to), "moves": .count(moves)])
    }

    static let schema = Schema.object([
        .init("move", .text()), .init("from", .optional(.text())), .init("to", .text()), .init("moves", .integer()),
    ])
}

/// How often a move was refused.
public struct RefusedTraffic: Sendable, Hashable {
    /// The move.
    public var move: String
    /// The state that the record was in; nil where it is not known.
    public var state: String?
    /// How often.
    public var refusals: Int

    init(_ row: Row) throws {
        (move, state) = (try row.value("move"), try row.optional("state"))
        refusals = try row.value("refusals")
    }

    var json: JSONValue {
        .object(["move": .string(move), "state": .text(state), "refusals": .count(refusals)])
    }

    static let schema = Schema.object([
        .init("move", .text()), .init("state", .optional(.text())), .init("refusals", .integer()),
    ])
}

/// A machine with everything that its picture shows.
public struct LifecycleFigures: Sendable {
    /// The definition in use.
    public var machine: Machine
    /// One for each state, in the order of the file.
    public var states: [StateFigures]
    /// What has moved in the last 24 hours.
    public var traffic: [MoveTraffic]
    /// What was refused in the last 24 hours.
    public var refused: [RefusedTraffic]

    /// The figures of a state.
    public func figures(of state: String) -> StateFigures {
        states.first { $0.state == state } ?? StateFigures(state: state, records: 0)
    }
}

/// A machine in the list of all.
public struct LifecycleSummary: Sendable {
    /// The definition in use.
    public var machine: Machine
    /// Its records by state.
    public var records: [String: Int]
    /// Open tasks and parked refusals.
    public var attention: Int
    /// What has moved in the last 24 hours.
    public var moves: Int
    /// What was refused in the last 24 hours.
    public var refusals: Int
}

/// A record in a state.
public struct StandingRecord: Sendable, Hashable {
    /// The record.
    public var id: UUID
    /// What it is called.
    public var name: String
    /// Since when it is in the state.
    public var since: Date
    /// Whether it has been in it for too long.
    public var isStuck: Bool

    var json: JSONValue {
        .object([
            "id": .id(id), "name": .string(name), "since": .moment(since), "is_stuck": .boolean(isStuck),
        ])
    }

    static let schema = Schema.object([
        .init("id", .id), .init("name", .text()), .init("since", .moment), .init("is_stuck", .boolean),
    ])
}

/// A page of a list, and where the next one begins.
public struct ListPage<Element: Sendable>: Sendable {
    /// What is on it.
    public var items: [Element]
    /// What to ask for to get the next page; nil on the last one.
    public var next: String?

    /// Makes a page of what was read, which is one row more than it holds if there are that many.
    init<Read>(_ read: [Read], limit: Int, mark: (Read) -> String, item: (Read) -> Element) {
        items = read.prefix(limit).map(item)
        next = read.count > limit ? mark(read[limit - 1]) : nil
    }
}
