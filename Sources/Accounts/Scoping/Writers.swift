/// Who may change or remove rows that are theirs without a lifecycle.
///
/// Which columns each may change is the resources' to say, and the grants'.
enum Writers {
    /// Nobody: the engine's, or the program's.
    case nobody
    /// Whoever they belong to, whatever else they may.
    case owners
    /// Partner users of these roles, reps, and admins with one of these permissions.
    case those(users: [String] = [], reps: Bool = false, admins: [Permission] = [])
}

extension Table {
    /// Who may change its rows directly.
    ///
    /// Source: access.md section 2.
    var writers: Writers {
        switch self {
        case .conversationParticipants, .devices, .notifications, .serviceTokens, .sessions: .owners
        case .activityGoals: .those(reps: true, admins: [.manageReps])
        case .leads, .deals, .salesActivities, .activityAttachments, .leadDocuments:
            .those(reps: true, admins: [.manageLeads])
        case .leadNotes: .those(reps: true)
        case .partnerNotes: .those(reps: true, admins: [.managePartners])
        case .partners, .partnerUsers: .those(users: ["owner"], admins: [.managePartners])
        case .partnerIntegrations, .webhookEndpoints: .those(users: ["owner"], admins: [.manageIntegrations])
        case .shippingAddresses: .those(users: ["owner", "buyer", "approver"], admins: [.managePartners])
        case .orders: .those(users: ["owner", "buyer", "approver"], admins: [.manageOrders])
        case .contracts, .resaleCertificates: .those(admins: [.managePartners])
        case .admins: .those(admins: [.manageAdmins])
        case .salesReps, .quotaPeriods: .those(admins: [.manageReps])
        case .customers, .orderCommissionShares: .those(admins: [.manageOrders])
        case .shipments: .those(admins: [.manageShipments])
        case .supportTickets: .those(admins: [.answerMessages])
        case .products: .those(admins: [.manageProducts, .managePrices])
        case .priceLists, .priceListItems: .those(admins: [.managePrices])
        case .stockLocations, .productionBatches: .those(admins: [.manageStock])
        case .lots: .those(admins: [.manageStock, .decideQuality])
        case .settings, .shippingRates, .shippingZones, .taxRates: .those(admins: [.manageSettings])
        case .auditLog, .commissions, .companyHolidays, .conversations, .creditNotes, .files,
            .integrationSyncLogs, .invoiceLateFees, .invoiceReminders, .invoices, .messages, .notificationDeliveries,
            .orderHolds, .orderItems, .orderTaxes, .outboundEmails, .paymentAllocations, .payments, .payouts,
            .priceChanges, .proposalItems, .proposals, .refunds, .settingChanges, .shipmentItems, .stageProbabilities,
            .stockMovements, .stockReservations, .temperatureEvents, .temperatureReadings, .trackingEvents,
            .webhookDeliveries, .workflowAttention, .workflowEvents, .workflowRefusals, .workflowTimers:
            .nobody
        }
    }
}
