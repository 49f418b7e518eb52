import Foundation

/// On whose behalf a transaction runs.
public enum PostgresScope: Sendable, Equatable {
    /// The service's own role.
    case service
    /// One organisation under row-level security: the transaction takes the role and sets `app.organization_id`, both only
    /// until its end (design, section 3).
    case tenant(role: String, organizationID: UUID)

    /// What to send after BEGIN.
    var statements: [PostgresQuery] {
        switch self {
        case .service: return []
        case .tenant(let role, let organizationID):
            let identifier = "\"\(role.replacing("\"", with: "\"\""))\""
            return [
                "SET LOCAL ROLE \(unescaped: identifier)",
                Self.setting(organizationID),
            ]
        }
    }

    /// Sets the organisation that row-level security shows, until the transaction's end.
    static func setting(_ organizationID: UUID) -> PostgresQuery {
        "SELECT set_config('app.organization_id', \(organizationID.uuidString.lowercased()), true)"
    }
}
