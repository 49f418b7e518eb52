/// What an API key may do (API, "Access").
enum Scope: String, Codable, Sendable, CaseIterable {
    case eventsRead = "events:read"
    case eventsWrite = "events:write"
    case checkoutsWrite = "checkouts:write"
    case ordersRead = "orders:read"
    case ordersRefund = "orders:refund"
    case scansWrite = "scans:write"
    case webhooksManage = "webhooks:manage"
    case reportsRead = "reports:read"
    case ledgerRead = "ledger:read"
    case auditRead = "audit:read"
}
