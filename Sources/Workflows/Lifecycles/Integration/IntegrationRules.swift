import Foundation
import StateMachines

/// The guards and applies of `workflows/integration.yaml`.
enum IntegrationRules {
    /// Failed syncs in a row that make an error.
    ///
    /// Source: L-10.
    static let failuresOfError = 3

    static let guards: [String: Rules<IntegrationFacts>.Condition] = [
        "not_connected_already": .init { facts, _ in
            facts.isConnectedAlready ? .no(["platform_name": facts.platformName]) : .yes
        },
        "three_failures_in_a_row": .init { facts, _ in facts.failures >= failuresOfError ? .yes : .no() },
        "sync_is_enabled": .init { facts, _ in facts.isSyncEnabled ? .yes : .no() },
        "tokens_are_wiped": .init { facts, _ in facts.tokens.areThere ? .no() : .yes },
    ]

    static let applies: [String: @Sendable (inout IntegrationFacts, MoveContext) -> Void] = [
        // They were sealed when they came in, so that no fact, no history and no answer holds them.
        "store_tokens": { facts, _ in
            guard let offer = facts.offer else { return }
            facts.tokens = .stored(access: offer.access, refresh: offer.refresh)
            facts.expiresAt = offer.expiresAt
        },
        "plan_next_sync": { facts, context in
            facts.nextSyncAt = context.asOf.addingTimeInterval(facts.frequency.seconds)
        },
        "clear_failures": { facts, _ in facts.failures = 0 },
        "count_failure": { facts, context in
            facts.failures += 1
            facts.newErrors.append(context.inputs.text("error_message") ?? "")
        },
        "wipe_tokens": { facts, _ in facts.tokens = .wiped },
    ]
}
