import Contracts

/// What the platform may change of an organisation; absent fields stay.
struct OrganizationChanges: Codable, Sendable, Equatable {
    var name: String?
    var status: OrganizationStatus?
    var plan: OrganizationPlan?
    var settings: JSONValue?

    static var example: OrganizationChanges {
        OrganizationChanges(name: "Voelgoed", status: .suspended, plan: .free, settings: .object([:]))
    }
}
