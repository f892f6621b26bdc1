public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/integration.yaml`: a partner's connection to another system (L-10).
public struct IntegrationLifecycle: Lifecycle {
    private let secrets: SecretBox

    /// Makes it with the box in which tokens are kept.
    public init(secrets: SecretBox) {
        self.secrets = secrets
    }

    /// `integration`.
    public static let machine = "integration"

    /// The names that people read, by platform.
    private static let names = [
        "square": "Square", "clover": "Clover", "quickbooks": "QuickBooks", "shopify": "Shopify", "other": "Other",
    ]

    /// What is said when a system is connected.
    static let body: [Ask] = [
        Ask(name: "platform", type: .choice(["square", "clover", "quickbooks", "shopify", "other"]), isRequired: true),
        Ask(name: "platform_name", type: .text), Ask(name: "access_token", type: .text),
        Ask(name: "refresh_token", type: .text), Ask(name: "expires_at", type: .time),
        Ask(name: "sync_frequency", type: .choice(["realtime", "hourly", "daily"])),
    ]

    /// Guards and applies by name.
    public var rules: Rules<IntegrationFacts> {
        Rules(guards: IntegrationRules.guards, applies: IntegrationRules.applies)
    }

    /// None: nothing that happens elsewhere moves an integration.
    public var finders: [String: Finder] { [:] }

    /// None.
    public var factories: [String: Factory<IntegrationFacts>] { [:] }

    /// Reads integrations, without their tokens.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        [IntegrationRows.integrations(records, locking: locking)]
    }

    /// The integrations.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<IntegrationFacts>] {
        try results[0].rows.map { row in
            let standing = RecordStanding(
                id: try row.value("id"), state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: try IntegrationFacts(row))
        }
    }

    /// Reads the partner of who asks, under its lock, and whether it is connected to the same system.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] {
        let inputs = try Inputs(command.inputs, for: Self.body)
        let platform = inputs.text("platform") ?? ""
        return [
            IntegrationRows.partner(of: command.actor.id),
            IntegrationRows.isConnected(platform, named: Self.name(inputs), for: command.actor.id),
        ]
    }

    /// The facts of a new connection; nil when who asks belongs to no partner.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded; ``SecretBox/Fault``.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> IntegrationFacts? {
        let inputs = try Inputs(command.inputs, for: Self.body)
        guard let partner = results[0].rows.first else { return nil }
        let zone = try partner.value("time_zone", as: String.self)
        var facts = IntegrationFacts(
            id: command.record, partnerID: try partner.value("id"), zone: TimeZone(identifier: zone) ?? .gmt,
            platform: inputs.text("platform") ?? "", platformName: Self.name(inputs))
        facts.frequency = inputs.text("sync_frequency").flatMap(IntegrationFacts.Frequency.init) ?? .hourly
        facts.isConnectedAlready = try results[1].rows.first?.value("is_connected") ?? false
        facts.offer = IntegrationFacts.Offer(
            access: try sealed(inputs, "access_token", for: command),
            refresh: try sealed(inputs, "refresh_token", for: command), expiresAt: inputs.instant("expires_at"))
        return facts
    }

    /// Writes a new integration.
    public func insert(_ change: Change<IntegrationFacts>) -> [SQL] {
        [IntegrationRows.insert(change.facts, change.standing)]
    }

    /// Writes the integration by compare and swap, and what failed into its log.
    public func update(_ change: Change<IntegrationFacts>, before: Loaded<IntegrationFacts>) -> [SQL] {
        let at = change.events.last?.asOf ?? change.standing.since
        return [IntegrationRows.update(change.facts, change.standing, from: before.standing)]
            + change.facts.newErrors.map { IntegrationRows.log($0, of: change.facts, at: at) }
    }

    private func sealed(_ inputs: Inputs, _ name: String, for command: Command) throws -> SecretBox.Sealed? {
        guard let token = inputs.text(name), !token.isEmpty else { return nil }
        return try secrets.seal(token, record: command.record, column: "\(name)_enc")
    }

    private static func name(_ inputs: Inputs) -> String {
        let given = inputs.text("platform_name")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return given.isEmpty ? names[inputs.text("platform") ?? ""] ?? "" : given
    }
}
