/// Who pays.
public struct Buyer: Codable, Sendable, Equatable {
    public var email: String
    public var givenName: String
    public var familyName: String?

    enum CodingKeys: String, CodingKey {
        case email
        case givenName = "given_name"
        case familyName = "family_name"
    }

    public init(email: String, givenName: String, familyName: String? = nil) {
        self.email = email
        self.givenName = givenName
        self.familyName = familyName
    }

    public static var example: Buyer {
        Buyer(email: "ada@example.org", givenName: "Ada", familyName: "Lovelace")
    }
}
