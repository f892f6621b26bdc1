/// Every table that a visitor may be shown rows of.
public enum Table: String, Sendable, CaseIterable {
    case admins
    case salesReps = "sales_reps"
    case partners
    case partnerUsers = "partner_users"
    case leads
    case deals
    case salesActivities = "sales_activities"
    case proposals
    case proposalItems = "proposal_items"
    case contracts
    case leadNotes = "lead_notes"
    case partnerNotes = "partner_notes"
    case leadDocuments = "lead_documents"
    case products
    case priceLists = "price_lists"
    case priceListItems = "price_list_items"
    case priceChanges = "price_changes"
    case orders
    case orderItems = "order_items"
    case orderHolds = "order_holds"
    case shippingAddresses = "shipping_addresses"
    case resaleCertificates = "resale_certificates"
    case shipments
    case shipmentItems = "shipment_items"
    case trackingEvents = "tracking_events"
    case temperatureReadings = "temperature_readings"
    case temperatureEvents = "temperature_events"
    case invoices
    case payments
    case creditNotes = "credit_notes"
    case refunds
    case commissions
    case payouts
    case quotaPeriods = "quota_periods"
    case stockLocations = "stock_locations"
    case stockMovements = "stock_movements"
    case lots
    case productionBatches = "production_batches"
    case customers
    case partnerIntegrations = "partner_integrations"
    case integrationSyncLogs = "integration_sync_logs"
    case supportTickets = "support_tickets"
    case notifications
    case settings
    case auditLog = "audit_log"
    case files
}
