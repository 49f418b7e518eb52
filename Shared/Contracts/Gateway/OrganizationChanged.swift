/// An organisation was created or changed.
public struct OrganizationChanged: Event {
    public static let name = "gateway.organization-changed.v1"
    public static let source = ServiceName.gateway

    public var organizationID: OrganizationID
    public var displayName: String
    public var slug: String
    public var status: OrganizationStatus
    public var plan: String
    /// Where the organisation itself is written to; absent when it gave no address.
    public var contactEmail: String?
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case slug, status, plan, version
        case organizationID = "organization_id"
        case displayName = "name"
        case contactEmail = "contact_email"
    }

    public init(
        organizationID: OrganizationID, displayName: String, slug: String, status: OrganizationStatus, plan: String,
        contactEmail: String? = nil, version: Int
    ) {
        self.organizationID = organizationID
        self.displayName = displayName
        self.slug = slug
        self.status = status
        self.plan = plan
        self.contactEmail = contactEmail
        self.version = version
    }

    public static var example: OrganizationChanged {
        OrganizationChanged(
            organizationID: .example, displayName: "Voelgoed", slug: "voelgoed", status: .example, plan: "free",
            contactEmail: "office@example.org", version: 1
        )
    }
}
