/// To whom the rows of a table belong, from which follows who sees them and who may act on them.
///
/// Columns are named without their table; in a condition `$` stands for it.
indirect enum Ownership {
    /// How far up from a rep a row is shown.
    enum Reach {
        /// Not to reps at all.
        case nobody
        /// To the rep alone.
        case own
        /// To read, to the rep's managers too.
        case team
    }

    /// Whoever is concerned with the partner that the column names.
    case partner(String, users: Bool = true, reps: Reach = .team)
    /// The rep whom the column names.
    case rep(String, reach: Reach = .team)
    /// Whoever the two columns name, be it an admin; `overseers` see them all.
    case person(kind: String, id: String, overseers: Permission? = nil)
    /// Whoever the row of another table belongs to, which the column names.
    case row(of: Table, column: String)
    /// Whoever the record belongs to that the columns `machine` and `record_id` name.
    case record(users: Bool = true)
    /// Nobody: who has signed in reads it where the condition holds.
    case everybody(where: String = "TRUE", except: Visitor.Kind? = nil)
    /// The company: admins, of a permission if one is named.
    case company(Permission? = nil)
    /// As the other says, and only where a condition holds, for admins too; another one to act on it.
    case narrowed(Ownership, to: String, acting: String)
    /// Whoever either says.
    case either(Ownership, Ownership)
    /// Who takes part in the conversation that the column names; admins in shared inboxes.
    case conversation(String)
    /// The rep alone whose activity the mail was.
    case mail
}

extension Table {
    /// To whom its rows belong.
    ///
    /// Source: access.md section 3 (SEC-06).
    var ownership: Ownership {
        switch self {
        case .partners: .either(.partner("id", reps: .nobody), .rep("sales_rep_id"))
        case .partnerUsers, .shippingAddresses, .contracts, .resaleCertificates, .orders, .invoices, .payments:
            .partner("partner_id")
        case .partnerIntegrations, .supportTickets, .webhookEndpoints: .partner("partner_id", reps: .nobody)
        case .webhookDeliveries: .row(of: .webhookEndpoints, column: "endpoint_id")
        case .integrationSyncLogs: .row(of: .partnerIntegrations, column: "integration_id")
        // A private note is its author's alone; an admin opens it by break-glass, which is another door (SEC-07).
        case .partnerNotes:
            .narrowed(
                .partner("partner_id", users: false), to: "(NOT $.is_private OR \(Self.isAuthor))",
                acting: Self.isAuthor)
        case .leadNotes:
            .narrowed(
                .row(of: .leads, column: "lead_id"),
                to: "(NOT $.is_private OR $.sales_rep_id = (SELECT visitor.id()))",
                acting: "$.sales_rep_id = (SELECT visitor.id())")
        case .salesReps: .rep("id")
        case .leads, .deals, .salesActivities, .proposals, .quotaPeriods, .activityGoals: .rep("sales_rep_id")
        case .commissions, .payouts, .orderCommissionShares: .rep("sales_rep_id", reach: .own)
        case .leadDocuments: .row(of: .leads, column: "lead_id")
        case .proposalItems: .row(of: .proposals, column: "proposal_id")
        case .activityAttachments: .row(of: .salesActivities, column: "activity_id")
        case .outboundEmails: .mail
        case .orderItems, .orderTaxes, .orderHolds, .refunds, .shipments: .row(of: .orders, column: "order_id")
        case .shipmentItems, .trackingEvents, .temperatureReadings, .temperatureEvents:
            .row(of: .shipments, column: "shipment_id")
        case .creditNotes, .invoiceLateFees, .invoiceReminders: .row(of: .invoices, column: "invoice_id")
        case .paymentAllocations: .row(of: .payments, column: "payment_id")
        case .products: .everybody(where: "$.is_active")
        // A partner is shown the lists of its own tier and no other's; its rep sells by all of them.
        case .priceLists:
            .either(
                .everybody(
                    where: """
                        $.partner_id IS NULL AND ($.tier IS NULL OR (SELECT visitor.kind()) = 'sales_rep'
                        OR $.tier = (SELECT visitor.tier()))
                        """), .partner("partner_id", reps: .own))
        case .priceListItems: .row(of: .priceLists, column: "price_list_id")
        case .conversations: .conversation("id")
        case .messages: .conversation("conversation_id")
        case .conversationParticipants:
            .narrowed(
                .conversation("conversation_id"), to: "TRUE",
                acting: "($.member_kind = (SELECT visitor.kind()) AND $.member_id = (SELECT visitor.id()))")
        case .notifications: .person(kind: "recipient_kind", id: "recipient_id")
        case .notificationDeliveries: .row(of: .notifications, column: "notification_id")
        case .devices, .sessions, .serviceTokens: .person(kind: "user_kind", id: "user_id", overseers: .manageAdmins)
        case .files, .workflowEvents, .workflowTimers: .record()
        case .workflowAttention: .record(users: false)
        case .companyHolidays, .shippingRates, .shippingZones, .taxRates: .everybody()
        case .stageProbabilities: .everybody(except: .partnerUser)
        case .auditLog: .company(.readAudit)
        case .admins, .customers, .lots, .priceChanges, .productionBatches, .settingChanges, .settings, .stockLocations,
            .stockMovements, .stockReservations, .workflowRefusals:
            .company()
        }
    }

    private static let isAuthor = "($.author_kind = (SELECT visitor.kind()) AND $.author_id = (SELECT visitor.id()))"
}
