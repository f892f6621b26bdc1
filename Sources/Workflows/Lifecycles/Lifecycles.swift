/// The code of every machine that runs.
public enum Lifecycles {
    /// All of them.
    ///
    /// - Parameter secrets: The box in which the tokens of integrations are kept.
    /// - Returns: The lifecycles, in the order of the locks that they take.
    public static func all(secrets: SecretBox) -> [any Lifecycle] {
        [
            LeadLifecycle(), DealLifecycle(), ProposalLifecycle(), ActivityLifecycle(), OrderLifecycle(),
            OrderPaymentLifecycle(), InvoiceLifecycle(), ShipmentLifecycle(), PartnerLifecycle(),
            CommissionLifecycle(), IntegrationLifecycle(secrets: secrets), TicketLifecycle(),
        ]
    }
}
