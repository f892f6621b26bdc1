public import StateMachines

extension Lifecycles {
    /// What the body of a request that makes a record may hold, for an admin, who may say the most.
    ///
    /// - Parameter machine: The machine's name.
    /// - Returns: The inputs; none for what nobody makes by a request.
    public static func body(of machine: String) -> [Ask] {
        switch machine {
        case LeadLifecycle.machine: LeadBody.asks(of: .system)
        case DealLifecycle.machine: DealOrigins.body
        case ProposalLifecycle.machine: ProposalBody.asks
        case ActivityLifecycle.machine: ActivityOrigins.body
        case PartnerLifecycle.machine: PartnerApplication.adminBody
        case OrderLifecycle.machine: OrderBody.asks
        case ShipmentLifecycle.machine: ShipmentLifecycle.body
        case CommissionLifecycle.machine: CommissionLifecycle.body
        case TicketLifecycle.machine: TicketLifecycle.body + [Ask(name: "partner", type: .reference)]
        case IntegrationLifecycle.machine: IntegrationLifecycle.body
        default: []
        }
    }
}
