import Contracts

/// What the platform says of an organisation when creating it (seed A, 1.1).
struct OrganizationDraft: Codable, Sendable, Equatable {
    var name: String
    /// Unique over the platform: lower-case letters, digits and hyphens.
    var slug: String
    /// Default `free`.
    var plan: OrganizationPlan?
    /// Where the organisation itself is written to.
    var contactEmail: String?
    var settings: JSONValue?

    enum CodingKeys: String, CodingKey {
        case name, slug, plan, settings
        case contactEmail = "contact_email"
    }

    static var example: OrganizationDraft {
        OrganizationDraft(
            name: "Voelgoed", slug: "voelgoed", plan: .free, contactEmail: "office@example.org",
            settings: .object([:]))
    }
}
