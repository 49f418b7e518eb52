import Contracts

/// What the platform says of an organisation when creating it (seed A, 1.1).
struct OrganizationDraft: Codable, Sendable, Equatable {
    var name: String
    /// Unique over the platform: lower-case letters, digits and hyphens.
    var slug: String
    /// Default `free`.
    var plan: OrganizationPlan?
    var settings: JSONValue?

    static var example: OrganizationDraft {
        OrganizationDraft(name: "Voelgoed", slug: "voelgoed", plan: .free, settings: .object([:]))
    }
}
