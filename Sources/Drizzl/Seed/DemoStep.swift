import Database
import Foundation
import StateMachines
import Workflows

/// A move of a file.
struct DemoMove: Codable, Sendable {
    /// When, as the files write it.
    var at: String
    /// The machine and its move: `lead.qualify`.
    var move: String
    /// The record, as ``DemoNames`` reads it.
    var of: String
    /// Who, as ``DemoNames`` reads it.
    var by: String
    /// The inputs; `@rep:sarah` stands for an id, `=2024-12-19` for a day or moment.
    var with: [String: JSONValue]?
}

/// Something that happens in the demo.
struct DemoStep: Sendable {
    enum Action: Sendable {
        /// A move through the engine.
        case move(DemoMove)
        /// Rows of what is not governed.
        case rows([DemoRow])
        /// A scan by a carrier.
        case scan(DemoScan)
        /// Readings of a parcel's thermometer.
        case readings(shipment: String, sensor: String, [DemoReading])
        /// What was earned before this month is approved and paid.
        case payroll(by: String)
    }

    /// When it happens, as the files write it.
    var at: String
    var action: Action
}

/// Statements that need ids which the engine gave.
struct DemoRow: Sendable {
    /// The records by name that it needs.
    var names: [String]
    /// The statement with their ids, in that order.
    var statement: @Sendable ([UUID]) -> SQL

    init(_ names: String..., statement: @escaping @Sendable ([UUID]) -> SQL) {
        (self.names, self.statement) = (names, statement)
    }

    init(_ statement: SQL) {
        (self.names, self.statement) = ([], { _ in statement })
    }
}

/// A scan of a parcel.
struct DemoScan: Codable, Sendable {
    var at: String
    var status: String
    var location: String
    /// The parcel; nil: the order's first.
    var of: String?
}

/// What a thermometer said.
struct DemoReading: Codable, Sendable {
    var at: String
    var hundredths: Int
}
