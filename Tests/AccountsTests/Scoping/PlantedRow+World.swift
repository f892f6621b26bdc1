import Accounts

extension PlantedRow {
    /// Two of everything.
    static let world = join(people, peoplesOwn, partners, selling, catalogue, orders, talk, records, company)

    private static func join(_ parts: [PlantedRow]...) -> [PlantedRow] { parts.flatMap(\.self) }

    private static let people: [PlantedRow] =
        [
            .init(.admins, "id, role, is_active", "id('ada'), 'admin', true", seen: "admins"),
            .init(
                .admins, "id, role, permissions, is_active", "id('olga'), 'manager', '{audit.read,stock.manage}', true",
                seen: "admins"),
            .init(.admins, "id, role, is_active", "id('sue'), 'super_admin', true", seen: "admins"),
            .init(.salesReps, "id, role, is_active", "id('max'), 'manager', true", seen: "max admins"),
            .init(
                .salesReps, "id, role, manager_id, is_active", "id('rita'), 'rep', id('max'), true",
                seen: "rita max admins", own: "rita admins"),
            .init(.salesReps, "id, role, is_active", "id('rob'), 'rep', true", seen: "rob admins"),
            .init(.partnerUsers, columns, "id('al'), id('alpha'), 'owner', true", seen: alpha, own: alphasOwn),
            .init(.partnerUsers, columns, "id('bo'), id('alpha'), 'buyer', true", seen: alpha, own: alphasOwn),
            .init(.partnerUsers, columns, "id('cy'), id('beta'), 'owner', true", seen: beta),
            .init(.partnerUsers, columns, "id('di'), id('beta'), 'finance', true", seen: beta),
            .init(.customers, "id", "id('customer')", seen: "admins"),
        ]
    private static var peoplesOwn: [PlantedRow] {
        var rows: [PlantedRow] = []
        for (name, kind) in [
            ("al", "partner_user"), ("bo", "partner_user"), ("rita", "sales_rep"), ("ada", "admin"), ("sue", "admin"),
        ] {
            for table in [Table.devices, .sessions, .serviceTokens] {
                let values = "id('\(table) \(name)'), '\(kind)', id('\(name)')"
                rows.append(.init(table, "id, user_kind, user_id", values, seen: "\(name) sue"))
            }
            let notice = "id('notice \(name)')"
            rows.append(
                .init(
                    .notifications, "id, recipient_kind, recipient_id", "\(notice), '\(kind)', id('\(name)')",
                    seen: name))
            rows.append(
                .init(.notificationDeliveries, "id, notification_id", "id('delivery \(name)'), \(notice)", seen: name))
        }
        return rows
    }
    private static let columns = "id, partner_id, role, is_active"
    private static let alpha = "al bo rita max admins"
    private static let alphasOwn = "al bo rita admins"
    private static let beta = "cy di rob admins"

    private static let partners: [PlantedRow] = join(
        [
            .init(
                .partners, "id, sales_rep_id, status", "id('alpha'), id('rita'), 'active'", seen: alpha, own: alphasOwn),
            .init(.partners, "id, sales_rep_id, status", "id('beta'), id('rob'), 'active'", seen: beta),
            .init(.partners, "id, status", "id('gamma'), 'active'", seen: "admins"),
            .init(
                .partnerNotes, "id, partner_id, author_kind, author_id, is_private",
                "id('note by ada'), id('alpha'), 'admin', id('ada'), true", seen: "ada"),
            .init(
                .partnerNotes, "id, partner_id, author_kind, author_id, is_private",
                "id('open note by ada'), id('alpha'), 'admin', id('ada'), false", seen: "rita max admins", own: "ada"),
            .init(
                .partnerNotes, "id, partner_id, author_kind, author_id, is_private",
                "id('note by rita'), id('alpha'), 'sales_rep', id('rita'), true", seen: "rita"),
            .init(
                .partnerNotes, "id, partner_id, author_kind, author_id, is_private",
                "id('open note by rob'), id('beta'), 'sales_rep', id('rob'), false", seen: "rob admins", own: "rob"),
        ],
        [Table.shippingAddresses, .contracts, .resaleCertificates].flatMap {
            each($0, "id, partner_id", "id('\($0) @'), id('@')", seen: [.users, .rep, .manager])
        },
        each(.partnerIntegrations, "id, partner_id", "id('shop @'), id('@')", seen: [.users]),
        each(.integrationSyncLogs, "id, integration_id", "id('sync @'), id('shop @')", seen: [.users]),
        each(.webhookEndpoints, "id, partner_id", "id('hook @'), id('@')", seen: [.users]),
        each(.webhookDeliveries, "id, endpoint_id", "id('told @'), id('hook @')", seen: [.users]),
        [
            .init(.webhookEndpoints, "id", "id('hook of the company')", seen: "admins"),
            .init(
                .webhookDeliveries, "id, endpoint_id", "id('told the company'), id('hook of the company')",
                seen: "admins"),
        ],
        each(.supportTickets, "id, partner_id", "id('ticket @'), id('@')", seen: [.users])
    )

    private static let rep = "CASE '@' WHEN 'alpha' THEN id('rita') ELSE id('rob') END"
    private static let selling: [PlantedRow] = join(
        [Table.leads, .deals, .salesActivities, .proposals, .quotaPeriods, .activityGoals].flatMap {
            each($0, "id, sales_rep_id", "id('\($0) @'), \(rep)", seen: [.rep, .manager])
        },
        [Table.commissions, .payouts].flatMap {
            each($0, "id, sales_rep_id", "id('\($0) @'), \(rep)", seen: [.rep])
        },
        each(.orderCommissionShares, "order_id, sales_rep_id", "id('order @'), \(rep)", seen: [.rep]),
        each(.leadDocuments, "id, lead_id", "id('paper @'), id('leads @')", seen: [.rep, .manager]),
        each(.proposalItems, "proposal_id, line_no", "id('proposals @'), 1", seen: [.rep, .manager]),
        each(
            .activityAttachments, "activity_id, file_id", "id('salesActivities @'), id('x')", seen: [.rep, .manager]),
        each(
            .salesActivities, "id, sales_rep_id, outbound_email_id", "id('mailed @'), \(rep), id('mail @')",
            seen: [.rep, .manager]),
        each(.outboundEmails, "id", "id('mail @')", seen: [.rep]),
        [
            .init(.outboundEmails, "id", "id('mail of an invoice')", seen: "admins"),
            .init(
                .leadNotes, "id, lead_id, sales_rep_id, is_private",
                "id('private'), id('leads alpha'), id('rita'), true",
                seen: "rita"),
            .init(
                .leadNotes, "id, lead_id, sales_rep_id, is_private", "id('open'), id('leads alpha'), id('rita'), false",
                seen: "rita max admins", own: "rita"),
            .init(
                .leadNotes, "id, lead_id, sales_rep_id, is_private", "id('by max'), id('leads alpha'), id('max'), true",
                seen: "max", own: ""),
            .init(
                .leadNotes, "id, lead_id, sales_rep_id, is_private", "id('open 2'), id('leads beta'), id('rob'), false",
                seen: "rob admins", own: "rob"),
            .init(.leads, "id", "id('lead of nobody')", seen: "admins"),
        ]
    )

    private static let everybody = "al bo cy di rita rob max admins"
    private static let catalogue: [PlantedRow] = [
        .init(.products, "id, is_active", "id('sold'), true", seen: everybody, own: "admins"),
        .init(.products, "id, is_active", "id('withdrawn'), false", seen: "admins"),
        .init(.priceLists, "id", "id('list for all')", seen: everybody, own: "admins"),
        // Both partners are of the tier that a new one has.
        .init(.priceLists, "id, tier", "id('list of starters'), 'starter'", seen: everybody, own: "admins"),
        .init(.priceLists, "id, tier", "id('list of growth'), 'growth'", seen: "rita max rob admins", own: "admins"),
        .init(.priceLists, "id, partner_id", "id('list alpha'), id('alpha')", seen: "al bo rita admins"),
        .init(
            .priceListItems, "id, price_list_id", "id('price for all'), id('list for all')", seen: everybody,
            own: "admins"),
        .init(.priceListItems, "id, price_list_id", "id('price alpha'), id('list alpha')", seen: "al bo rita admins"),
    ]

    private static let orders: [PlantedRow] = join(
        each(.orders, "id, partner_id", "id('order @'), id('@')", seen: [.users, .rep, .manager]),
        each(.orderItems, "id, order_id", "id('line @'), id('order @')", seen: [.users, .rep, .manager]),
        each(.orderHolds, "id, order_id", "id('hold @'), id('order @')", seen: [.users, .rep, .manager]),
        each(.orderTaxes, "order_id, jurisdiction, rate_bp", "id('order @'), 'CA', 1", seen: [.users, .rep, .manager]),
        each(.refunds, "id, order_id", "id('refund @'), id('order @')", seen: [.users, .rep, .manager]),
        each(.shipments, "id, order_id", "id('parcel @'), id('order @')", seen: [.users, .rep, .manager]),
        each(.shipmentItems, "id, shipment_id", "id('box @'), id('parcel @')", seen: [.users, .rep, .manager]),
        each(.trackingEvents, "id, shipment_id", "id('scan @'), id('parcel @')", seen: [.users, .rep, .manager]),
        each(.temperatureEvents, "id, shipment_id", "id('warm @'), id('parcel @')", seen: [.users, .rep, .manager]),
        each(
            .temperatureReadings, "shipment_id, sensor_id, recorded_at", "id('parcel @'), 's', now()",
            seen: [.users, .rep, .manager]),
        each(.invoices, "id, partner_id", "id('invoice @'), id('@')", seen: [.users, .rep, .manager]),
        each(.creditNotes, "id, invoice_id", "id('credit @'), id('invoice @')", seen: [.users, .rep, .manager]),
        each(.invoiceLateFees, "invoice_id, number", "id('invoice @'), 1", seen: [.users, .rep, .manager]),
        each(.invoiceReminders, "invoice_id, stage", "id('invoice @'), 'first'", seen: [.users, .rep, .manager]),
        each(.payments, "id, partner_id", "id('payment @'), id('@')", seen: [.users, .rep, .manager]),
        each(
            .paymentAllocations, "payment_id, invoice_id, kind, fee_number",
            "id('payment @'), id('invoice @'), 'principal', 0", seen: [.users, .rep, .manager]),
        [
            .init(.orders, "id, customer_id", "id('retail'), id('customer')", seen: "admins"),
            .init(.orderItems, "id, order_id", "id('retail line'), id('retail')", seen: "admins"),
            .init(.payments, "id, customer_id", "id('retail payment'), id('customer')", seen: "admins"),
        ]
    )

    private static func part(_ conversation: String, _ kind: String, _ name: String, seen: String, own: String)
        -> PlantedRow
    {
        .init(
            .conversationParticipants, "conversation_id, member_kind, member_id, left_at",
            "id('\(conversation)'), '\(kind)', id('\(name)'), \(own.isEmpty ? "now()" : "NULL")", seen: seen, own: own)
    }
    private static let talk: [PlantedRow] = [
        // What a rep and a partner's user write each other is theirs: an admin opens it by oversight alone.
        .init(.conversations, "id, kind", "id('talk'), 'direct'", seen: "al rita"),
        .init(.messages, "id, conversation_id", "id('word'), id('talk')", seen: "al rita"),
        part("talk", "partner_user", "al", seen: "al rita", own: "al"),
        part("talk", "sales_rep", "rita", seen: "al rita", own: "rita"),
        // Bo has left.
        part("talk", "partner_user", "bo", seen: "al rita", own: ""),
        .init(.conversations, "id, kind", "id('desk'), 'shared_inbox'", seen: "cy admins"),
        .init(.messages, "id, conversation_id", "id('question'), id('desk')", seen: "cy admins"),
        part("desk", "partner_user", "cy", seen: "cy admins", own: "cy"),
        .init(.conversations, "id, kind", "id('admins'' own'), 'group'", seen: "ada"),
        part("admins'' own", "admin", "ada", seen: "ada", own: "ada"),
    ]

    private static let named = "id, machine, record_id"
    private static let machines: [(String, String, Set<Relation>)] = [
        ("activity", "salesActivities @", [.rep, .manager]), ("commission", "commissions @", [.rep]),
        ("contract", "contracts @", [.users, .rep, .manager]), ("deal", "deals @", [.rep, .manager]),
        ("integration", "shop @", [.users]), ("invoice", "invoice @", [.users, .rep, .manager]),
        ("lead", "leads @", [.rep, .manager]), ("order", "order @", [.users, .rep, .manager]),
        ("order_payment", "order @", [.users, .rep, .manager]), ("partner", "@", [.users, .rep, .manager]),
        ("payout", "payouts @", [.rep]), ("proposal", "proposals @", [.rep, .manager]),
        ("resale_certificate", "resaleCertificates @", [.users, .rep, .manager]),
        ("shipment", "parcel @", [.users, .rep, .manager]), ("ticket", "ticket @", [.users]),
    ]
    private static var records: [PlantedRow] {
        var rows: [PlantedRow] = [
            .init(.files, named, "id('picture'), 'product', id('sold')", seen: everybody, own: "admins"),
            .init(.files, named, "id('file of a thing'), 'thing', id('x')", seen: "admins"),
            .init(.workflowEvents, named, "id('event of a thing'), 'thing', id('x')", seen: "admins"),
        ]
        for (machine, record, seen) in machines {
            let of = "'\(machine)', id('\(record)')"
            rows += each(.files, named, "id('file \(machine) @'), \(of)", seen: seen)
            rows += each(.workflowEvents, named, "id('event \(machine) @'), \(of)", seen: seen)
            rows += each(
                .workflowTimers, "machine, record_id, timer, counted_from, occurrence", "\(of), 't', now(), 1",
                seen: seen)
            rows += each(
                .workflowAttention, named, "id('task \(machine) @'), \(of)", seen: seen.subtracting([.users]))
        }
        return rows
    }

    private static let company: [PlantedRow] = join(
        [
            Table.lots, .priceChanges, .productionBatches, .stockLocations, .stockMovements, .stockReservations,
            .workflowRefusals,
        ].map { .init($0, "id", "id('\($0)')", seen: "admins") } + [
            .init(.auditLog, "seq, id", "1, id('entry')", seen: "olga sue"),
            .init(.settings, "key", "'setting'", seen: "admins"),
            .init(.settingChanges, "key", "'setting'", seen: "admins"),
            .init(.companyHolidays, "day", "'2026-12-25'", seen: everybody, own: "admins"),
            .init(.shippingZones, "state", "'CA'", seen: everybody, own: "admins"),
            .init(.shippingRates, "zone, from_cases", "1, 1", seen: everybody, own: "admins"),
            .init(.taxRates, "id", "id('tax')", seen: everybody, own: "admins"),
            .init(.stageProbabilities, "machine, stage", "'deal', 'x'", seen: "rita rob max admins", own: "admins"),
        ]
    )
}
