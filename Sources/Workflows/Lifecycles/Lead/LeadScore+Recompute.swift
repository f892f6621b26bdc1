public import Database
public import Foundation

extension LeadScore {
    /// Works the score of a lead out anew from its row, and keeps it with its factors.
    ///
    /// - Parameters:
    ///   - lead: The lead.
    ///   - now: The present, UTC.
    ///   - session: Where it is read and written.
    /// - Returns: The score; nil when there is no such lead.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public static func recompute(_ lead: UUID, at now: Date, in session: Session) throws -> LeadScore? {
        // The lock keeps a change of the answers out until the score that fits them is written.
        let rows = try session.pipeline([LeadRows.lock("SELECT \(lead)"), LeadRows.read("SELECT \(lead)")])[1].rows
        guard let score = try rows.first.map(LeadFacts.init)?.score(at: now) else { return nil }
        _ = try session.pipeline([
            """
            UPDATE leads SET lead_score = \(score.points), score_factors = \(JSON(text: score.factorsJSON))
            WHERE id = \(lead) AND (lead_score, score_factors) IS DISTINCT FROM
                (\(score.points), \(JSON(text: score.factorsJSON)))
            """
        ])
        return score
    }
}
