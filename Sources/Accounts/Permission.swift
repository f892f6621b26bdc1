public import Database

/// What an admin may do, by the words of the database and of the lifecycle files.
///
/// Source: access.md, "Admin permissions".
public enum Permission: String, Sendable, CaseIterable {
    case manageProducts = "products.manage"
    case managePrices = "prices.manage"
    case approvePrices = "prices.approve"
    case manageStock = "stock.manage"
    case manageOrders = "orders.manage"
    case manageShipments = "shipments.manage"
    case decideQuality = "quality.decide"
    case manageInvoices = "invoices.manage"
    case recordPayments = "payments.record"
    case releaseCredit = "credit.release"
    case decideCredit = "credit.decide"
    case managePartners = "partners.manage"
    case approvePartners = "partners.approve"
    case manageLeads = "leads.manage"
    case manageReps = "reps.manage"
    case approveCommissions = "commissions.approve"
    case runPayouts = "payouts.run"
    case answerMessages = "messages.answer"
    case overseeMessages = "messages.oversight"
    case sendBroadcasts = "broadcasts.send"
    case breakGlassOnNotes = "notes.breakglass"
    case manageContent = "content.manage"
    case manageIntegrations = "integrations.manage"
    case readReports = "reports.read"
    case runExports = "exports.run"
    case readAudit = "audit.read"
    case manageSettings = "settings.manage"
    case readOps = "ops.read"
    case manageOps = "ops.manage"
    case manageAdmins = "admins.manage"

    /// What the role admin may do without a grant.
    public static let standard: Set<Permission> = [
        .manageProducts, .managePrices, .manageStock, .manageOrders, .manageShipments, .manageInvoices,
        .recordPayments, .managePartners, .approvePartners, .manageLeads, .manageReps, .answerMessages,
        .sendBroadcasts, .manageContent, .manageIntegrations, .readReports, .runExports,
    ]

    /// What can be granted to somebody; who makes admins is a super_admin by role.
    public static let grantable = allCases.filter { $0 != .manageAdmins }

    /// ``standard`` as the database takes it: an array that is a part of the statement, read once and not with each request.
    public static let standardList = list(of: standard)

    /// All of them as the database takes it.
    public static let everyList = list(of: Set(allCases))

    private static func list(of permissions: Set<Permission>) -> SQL {
        let words = permissions.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")
        return "ARRAY[\(unsafeUnescaped: words)]::text[]"
    }

    /// Whether the role admin holds the permission of this word without a grant.
    public static func isStandard(_ word: String) -> Bool { Self(rawValue: word).map(standard.contains) ?? false }
}
