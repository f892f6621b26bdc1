import StateMachines
import Workflows

extension ResourceRoutes {
    static let key = Parameter(
        .header, "Idempotency-Key", .id,
        "Your id of the request (UUID version 4 or 7): sent again with the same content, it is answered as the first time."
    )
    static let keyed = ["Idempotency-Key": "The key, made for you when you sent none."]

    /// A request for a move, by the names of those that there are; what each asks for, `actions` says.
    var moveSchema: Schema {
        let moves = (try? dependencies.engine.definition(of: resource.machine?.name ?? ""))?.moves.map(\.name.text)
        return .named(
            "\(resource.title)Move",
            .object([
                .init("move", moves.map { Schema.choice($0.sorted()) } ?? .text(1...64)),
                .init("inputs", .map, isRequired: false),
                .init("expected_seq", .optional(.integer(0...Int64(Int32.max))), isRequired: false),
                .init("dry_run", .optional(.boolean), isRequired: false),
            ]))
    }
    static let bulkSchema = Schema.named(
        "BulkMove",
        .object([
            .init("ids", .list(of: .id, most: 500)), .init("move", .text(1...64)),
            .init("inputs", .map, isRequired: false), .init("dry_run", .boolean, isRequired: false),
        ]))

    private static let reason = Schema.named(
        "Reason",
        .object([
            .init("code", .text()), .init("message", .text(0...10_000)), .init("field", .text(), isRequired: false),
            .init("from", .list(of: .text()), isRequired: false),
            .init("unblocks", .object([.init("move", .text())]), isRequired: false),
        ]))
    private static let next = Schema.object([
        .init("timer", .text()), .init("at", .moment), .init("will", .text()),
    ])

    static let receiptSchema = Schema.named(
        "Receipt",
        .object([
            .init("id", .id), .init("result", .choice(["done", "already", "nothing"])), .init("state", .text()),
            .init("seq", .integer()),
            .init("queued", .list(of: .object([.init("kind", .text()), .init("with", .entries(of: .text()))]))),
            .init(
                "caused",
                .list(
                    of: .object([
                        .init("machine", .text()), .init("id", .id), .init("move", .text()),
                        .init("from", .optional(.text())), .init("to", .text()),
                    ])), isRequired: false),
            .init("next", .list(of: next)), .init("opened", .list(of: .text())),
            .init("noted", .list(of: .object([.init("what", .text()), .init("reasons", .list(of: reason))]))),
            .init("events", .list(of: .id)), .init("dry_run", .boolean),
        ]))
    static let bulkResult = Schema.named(
        "BulkResult",
        .object([
            .init("id", .id), .init("status", .integer()), .init("receipt", receiptSchema, isRequired: false),
            .init("code", .text(), isRequired: false), .init("detail", .text(0...10_000), isRequired: false),
            .init("errors", .list(of: reason), isRequired: false),
        ]))
    private static let asked = Schema.object([
        .init("type", .text()), .init("required", .boolean), .init("of", .list(of: .text()), isRequired: false),
        .init("title", .text(), isRequired: false),
    ])
    static let emailSchema = Schema.named(
        "Email",
        .object([
            .init("id", .id), .init("subject", .text(0...10_000)), .init("to", .list(of: .text())),
            .init("state", .text()), .init("created_at", .moment), .init("sent_at", .optional(.moment)),
        ]))
    static let actionsSchema = Schema.named(
        "Actions",
        .object([
            .init("state", .text()), .init("since", .moment), .init("seq", .integer()),
            .init(
                "actions",
                .list(
                    of: .object([
                        .init("move", .text()), .init("title", .text()), .init("reachable", .boolean),
                        .init("enabled", .boolean), .init("blocked_by", .list(of: reason)),
                        .init("confirm", .text(), isRequired: false),
                        .init("asks", .entries(of: asked), isRequired: false),
                    ]))),
            .init("next", .list(of: next)),
            .init("tasks", .list(of: .object([.init("task", .text()), .init("since", .moment)]))),
        ]))
    static let eventSchema = Schema.named(
        "Event",
        .object([
            .init("id", .id), .init("seq", .integer()), .init("kind", .text()), .init("move", .text()),
            .init("from", .optional(.text())), .init("to", .text()),
            .init(
                "actor",
                .object([.init("kind", .text()), .init("id", .optional(.id)), .init("role", .text())])),
            .init("caused_by", .optional(.id)), .init("reason", .optional(.text())),
            .init("changes", .map, isRequired: false), .init("noted", .anything, isRequired: false),
            .init("as_of", .moment), .init("at", .moment),
        ]))
    static let problemSchema = Schema.named(
        "Problem",
        .object([
            .init("type", .text()), .init("title", .text()), .init("status", .integer()),
            .init("detail", .text(0...10_000)), .init("instance", .text()), .init("code", .text()),
            .init("request_id", .text()), .init("errors", .list(of: reason), isRequired: false),
            .init("state", .text(), isRequired: false), .init("possible", .list(of: .text()), isRequired: false),
        ]))
}
