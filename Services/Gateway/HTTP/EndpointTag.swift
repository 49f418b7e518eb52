/// The groups of the API's documentation.
enum EndpointTag: String, Sendable, CaseIterable {
    case organizations = "Organisations"
    case events = "Events"
    case checkouts = "Checkouts"
    case orders = "Orders and tickets"
    case scans = "Scans"
    case webhooks = "Webhooks"
    case reports = "Reports"
    case service = "Service"

    /// What the group is about.
    var summary: String {
        switch self {
        case .organizations: "Tenants and their keys. Only the platform key comes in here."
        case .events: "Events, their dates, their ticket types, and what is left of them."
        case .checkouts: "Hold places, pay, and get tickets. Follow along by long poll or Server-Sent Events."
        case .orders: "What was sold, and the tickets themselves."
        case .scans: "The gates."
        case .webhooks: "Where other systems hear of it (Standard Webhooks 1.0)."
        case .reports: "Sales, money and who did what."
        case .service: "This API itself."
        }
    }
}
