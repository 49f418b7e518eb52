import Contracts

/// What the platform may change of an organisation; absent fields stay.
struct OrganizationChanges: Codable, Sendable, Equatable {
    var name: String?
    var status: OrganizationStatus?
    var plan: OrganizationPlan?
    /// Where the organisation itself is written to.
    var contactEmail: String?
    var settings: JSONValue?

    enum CodingKeys: String, CodingKey {
        case name, status, plan, settings
        case contactEmail = "contact_email"
    }

    static var example: OrganizationChanges {
        OrganizationChanges(
            name: "Voelgoed", status: .suspended, plan: .free, contactEmail: "office@example.org",
            settings: .object([:]))
    }
}
