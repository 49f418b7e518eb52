import Contracts

/// An organisation as the platform sees it.
struct OrganizationDetails: Codable, Sendable, Equatable {
    var id: OrganizationID
    var name: String
    var slug: String
    var status: OrganizationStatus
    var plan: OrganizationPlan
    /// Where the organisation itself is written to.
    var contactEmail: String?
    var settings: JSONValue
    var createdAt: Timestamp
    var updatedAt: Timestamp
    /// Grows with every change.
    var version: Int

    enum CodingKeys: String, CodingKey {
        case id, name, slug, status, plan, settings, version
        case contactEmail = "contact_email"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    static var example: OrganizationDetails {
        OrganizationDetails(
            id: .example, name: "Voelgoed", slug: "voelgoed", status: .active, plan: .free,
            contactEmail: "office@example.org", settings: .object([:]), createdAt: .example, updatedAt: .example,
            version: 1)
    }

    /// What the other services hear of it.
    var changed: OrganizationChanged {
        OrganizationChanged(
            organizationID: id, displayName: name, slug: slug, status: status, plan: plan.rawValue,
            contactEmail: contactEmail, version: version)
    }
}
