import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines
import Workflows

extension Consequence {
    /// The answers that the score of a lead is made of, and its size.
    static let leadScore = Consequence.ofChanging(
        ["budget", "authority", "need", "timeline", "estimated_value_cents"]
    ) { writing, session in
        try LeadScore.recompute(writing.record, at: writing.now, in: session)
    }

    /// The rep whose lead it has become is told.
    static let leadAssigned = Consequence.ofChanging(["sales_rep_id"]) { writing, session in
        try LeadRoutes.tell(writing, in: session)
    }
}

/// `POST /api/v1/leads/{id}/assignment`: gives a lead to another rep.
///
/// A manager of reps does that within the own team, an admin of leads anywhere. What is still open of the lead goes along.
struct LeadRoutes {
    let dependencies: WebDependencies

    private static let assigned = Schema.named(
        "LeadAssignment", .object([.init("id", .id), .init("sales_rep_id", .id)]))

    var operations: [Operation] {
        [
            Operation(
                .post, "/api/v1/leads/{id}/assignment", "Gives the lead to another rep", tag: "Selling",
                access: .signedIn(.company, needs: .manageLeads), scope: .rows(of: .leads),
                body: .object([.init("sales_rep_id", .id)]), answers: [.json(Self.assigned, "It is theirs now.")],
                problems: [404], handler: assign)
        ]
    }

    @Sendable private func assign(_ visit: Visit) async throws -> Response {
        let lead = try visit.id(of: "lead")
        let (visitor, found) = try await visit.read { kind in [ResourceRoutes.exists(lead, in: .leads, for: kind)] }
        guard !found[0].rows.isEmpty else { throw Problem.notFound("lead") }
        guard visitor.kind == .admin || visitor.role == "manager" else {
            throw Problem.forbidden("role", "Leads are given to others by the manager of the reps.")
        }
        guard let rep = try await visit.body().text("sales_rep_id").flatMap({ UUID(uuidString: $0) }) else {
            throw Problem.defect
        }
        try await visit.write { visitor, session in
            // Whom they do not see, they cannot give it to; of an account that is switched off nobody would look after it.
            let isKnown: SQL = """
                \(ResourceRoutes.exists(rep, in: .salesReps, for: visitor.kind)) AND t.is_active
                """
            guard try session.first(isKnown) != nil else { throw Problem.notFound("sales rep") }
            let done = try session.first("SELECT visitor.reassign_lead(\(lead), \(rep)) AS is_done")
            guard try done?.value("is_done") == true else { throw Problem.notFound("lead") }
            _ = try session.pipeline([Credential.asProgram])
            try Self.tell(.init(visitor: visitor, record: lead, fields: [], now: dependencies.now()), in: session)
        }
        return Response(json: .object(["id": .id(lead), "sales_rep_id": .id(rep)]))
    }

    /// Queues the notice to whoever the lead belongs to now; nobody is told of what they did themselves.
    static func tell(_ writing: Consequence.Writing, in session: Session) throws {
        let owner = try session.first("SELECT sales_rep_id FROM leads WHERE id = \(writing.record)")
        guard let rep = try owner?.optional("sales_rep_id", as: UUID.self), rep != writing.visitor.id else { return }
        // No event of its lifecycle: the notice is about this change alone.
        let notice = RecordJob(
            machine: "lead", record: writing.record, event: UUID.v7(), with: ["who": "rep", "about": "lead_assigned"])
        let request = JobRequest(
            kind: "notify", payload: notice.encoded, uniqueKey: notice.event.uuidString.lowercased(),
            subject: JobSubject(machine: "lead", recordID: writing.record))
        try session.execute(Queue.enqueue([request], now: writing.now))
    }
}
