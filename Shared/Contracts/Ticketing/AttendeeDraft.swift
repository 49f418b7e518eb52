/// Who will attend with one of the tickets.
public struct AttendeeDraft: Codable, Sendable, Equatable {
    public var email: String?
    public var givenName: String
    public var familyName: String?
    public var phone: String?
    /// Free-form object.
    public var emergencyContact: JSONValue?
    public var dietaryRestrictions: [String]?
    public var accessibilityNeeds: [String]?
    public var notes: String?

    enum CodingKeys: String, CodingKey {
        case email, phone, notes
        case givenName = "given_name"
        case familyName = "family_name"
        case emergencyContact = "emergency_contact"
        case dietaryRestrictions = "dietary_restrictions"
        case accessibilityNeeds = "accessibility_needs"
    }

    public init(
        email: String? = nil, givenName: String, familyName: String? = nil, phone: String? = nil,
        emergencyContact: JSONValue? = nil, dietaryRestrictions: [String]? = nil, accessibilityNeeds: [String]? = nil,
        notes: String? = nil
    ) {
        self.email = email
        self.givenName = givenName
        self.familyName = familyName
        self.phone = phone
        self.emergencyContact = emergencyContact
        self.dietaryRestrictions = dietaryRestrictions
        self.accessibilityNeeds = accessibilityNeeds
        self.notes = notes
    }

    public static var example: AttendeeDraft {
        AttendeeDraft(
            email: "ada@example.org", givenName: "Ada", familyName: "Lovelace", phone: "+27210000000",
            emergencyContact: .object([:]), dietaryRestrictions: ["vegan"], accessibilityNeeds: ["step-free access"],
            notes: "Front row please"
        )
    }
}
