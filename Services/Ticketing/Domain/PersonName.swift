/// How a person is named on a ticket.
enum PersonName {
    static func full(givenName: String, familyName: String?) -> String {
        guard let familyName, !familyName.isEmpty else { return givenName }
        return "\(givenName) \(familyName)"
    }
}
