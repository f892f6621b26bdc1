import ArgumentParser
import Database

/// The cases by name.
struct Cases {
    let ground: Ground
    let options: Options
    /// What `drain` gave in this run; the limit of the drains under worse circumstances.
    private var plainDrain: [Double] = []

    static let names = [
        "enqueue", "bulk_enqueue", "drain", "drain_two", "drain_big_tables", "drain_held_snapshot", "pickup",
    ]

    init(ground: Ground, options: Options) { (self.ground, self.options) = (ground, options) }

    /// Runs one case.
    ///
    /// - Parameter name: One of ``names``.
    /// - Returns: What was measured.
    /// - Throws: `ValidationError` for another name; whatever went wrong.
    mutating func run(_ name: String) async throws -> [Measure] {
        let draining = Draining(ground: ground, options: options)
        switch name {
        case "enqueue": return [try await Enqueuing(ground: ground, options: options).oneByOne()]
        case "bulk_enqueue": return [try await Enqueuing(ground: ground, options: options).bulk()]
        case "drain":
            let measure = try await draining.measure(name)
            plainDrain = measure.product
            return [measure]
        case "drain_two": return [try await draining.measure(name, processes: 2)]
        case "drain_big_tables":
            return [try await draining.measure(name, beside: plainDrain) { try await $0.growBig() }]
        case "drain_held_snapshot":
            return [
                try await ground.holdingSnapshot { try await draining.measure(name, beside: plainDrain) }
            ]
        case "pickup": return try await Pickup(ground: ground, options: options).run()
        default:
            throw ValidationError("There is no case \"\(name)\". There are: \(Self.names.joined(separator: ", ")).")
        }
    }
}
