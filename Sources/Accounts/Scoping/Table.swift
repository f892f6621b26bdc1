/// A table of which a visitor may be shown rows.
///
/// What is not here is shown to nobody: ``Scoping/notShown`` says why. A table that is in neither fails a test.
public enum Table: String, Sendable, CaseIterable {
    case activityAttachments = "activity_attachments"
    case activityGoals = "activity_goals"
    case admins
    case auditLog = "audit_log"
    case commissions
    case companyHolidays = "company_holidays"
    case contracts
    case conversationParticipants = "conversation_participants"
    case conversations
    case creditNotes = "credit_notes"
    case customers
    case deals
    case devices
    case files
    case integrationSyncLogs = "integration_sync_logs"
    case invoiceLateFees = "invoice_late_fees"
    case invoiceReminders = "invoice_reminders"
    case invoices
    case leadDocuments = "lead_documents"
    case leadNotes = "lead_notes"
    case leads
    case lots
    case messages
    case notificationDeliveries = "notification_deliveries"
    case notifications
    case orderCommissionShares = "order_commission_shares"
    case orderHolds = "order_holds"
    case orderItems = "order_items"
    case orderTaxes = "order_taxes"
    case orders
    case outboundEmails = "outbound_emails"
    case partnerIntegrations = "partner_integrations"
    case partnerNotes = "partner_notes"
    case partnerUsers = "partner_users"
    case partners
    case paymentAllocations = "payment_allocations"
    case payments
    case payouts
    case priceChanges = "price_changes"
    case priceListItems = "price_list_items"
    case priceLists = "price_lists"
    case productionBatches = "production_batches"
    case products
    case proposalItems = "proposal_items"
    case proposals
    case quotaPeriods = "quota_periods"
    case refunds
    case resaleCertificates = "resale_certificates"
    case salesActivities = "sales_activities"
    case salesReps = "sales_reps"
    case serviceTokens = "service_tokens"
    case sessions
    case settingChanges = "setting_changes"
    case settings
    case shipmentItems = "shipment_items"
    case shipments
    case shippingAddresses = "shipping_addresses"
    case shippingRates = "shipping_rates"
    case shippingZones = "shipping_zones"
    case stageProbabilities = "stage_probabilities"
    case stockLocations = "stock_locations"
    case stockMovements = "stock_movements"
    case stockReservations = "stock_reservations"
    case supportTickets = "support_tickets"
    case taxRates = "tax_rates"
    case temperatureEvents = "temperature_events"
    case temperatureReadings = "temperature_readings"
    case trackingEvents = "tracking_events"
    case webhookDeliveries = "webhook_deliveries"
    case webhookEndpoints = "webhook_endpoints"
    case workflowAttention = "workflow_attention"
    case workflowEvents = "workflow_events"
    case workflowRefusals = "workflow_refusals"
    case workflowTimers = "workflow_timers"

    /// The tables of records that are named by a machine, or as files name theirs.
    static let ofMachines: [(machine: String, table: Table)] = [
        ("activity", .salesActivities), ("commission", .commissions), ("contract", .contracts), ("deal", .deals),
        ("integration", .partnerIntegrations), ("invoice", .invoices), ("lead", .leads), ("order", .orders),
        ("order_payment", .orders), ("partner", .partners), ("payout", .payouts), ("product", .products),
        ("proposal", .proposals), ("resale_certificate", .resaleCertificates), ("shipment", .shipments),
        ("ticket", .supportTickets),
    ]

    /// The table of a machine's records; nil for a machine that has none which visitors are shown.
    public init?(machine: String) {
        guard let known = Self.ofMachines.first(where: { $0.machine == machine }) else { return nil }
        self = known.table
    }
}
