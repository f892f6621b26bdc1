/// How likely a lead or deal is won, by its stage, before anything was learned from closed ones.
///
/// The rows of `stage_probabilities` begin with these. Source: R-31.
public enum StageProbability {
    /// Percent by the status of a lead.
    public static let ofLead = [
        "new": 10, "contacted": 20, "qualified": 35, "demo_scheduled": 50, "demo_completed": 60, "proposal_sent": 70,
        "negotiation": 80, "closed_won": 100, "closed_lost": 0,
    ]

    /// Percent by the stage of a deal.
    public static let ofDeal = [
        "qualification": 20, "needs_analysis": 35, "proposal": 50, "negotiation": 80, "closed_won": 100,
        "closed_lost": 0,
    ]

    /// How many leads have to be closed before learned rates replace the table.
    public static let closedBeforeLearned = 200

    /// What is shown: the manual value while there is one.
    public static func shown(ofStage: Int, manual: Int?) -> (percent: Int, isManual: Bool) {
        manual.map { ($0, true) } ?? (ofStage, false)
    }
}
