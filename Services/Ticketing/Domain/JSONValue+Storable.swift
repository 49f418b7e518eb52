import Contracts

extension JSONValue {
    static let maximumDepth = 16
    static let maximumMembers = 1000

    /// Whether `jsonb` takes it, and whether it is of a size that belongs into a row. PostgreSQL has no U+0000.
    func isStorable(depth: Int = maximumDepth) -> Bool {
        guard depth > 0 else { return false }
        switch self {
        case .null, .bool, .integer, .number: return true
        case .string(let text): return text.isStorable
        case .array(let values):
            return values.count <= Self.maximumMembers && values.allSatisfy { $0.isStorable(depth: depth - 1) }
        case .object(let members):
            return members.count <= Self.maximumMembers
                && members.allSatisfy { name, value in name.isStorable && value.isStorable(depth: depth - 1) }
        }
    }
}

extension String {
    /// Whether PostgreSQL takes it as text.
    var isStorable: Bool { !unicodeScalars.contains("\0") }
}

extension AttendeeDraft {
    /// Whether the database can keep it. Everything else about attendees is for the asker to judge.
    var isStorable: Bool {
        let texts =
            [email, givenName, familyName, phone, notes].compactMap(\.self) + (dietaryRestrictions ?? [])
            + (accessibilityNeeds ?? [])
        return texts.allSatisfy(\.isStorable) && (emergencyContact?.isStorable() ?? true)
    }
}

extension Buyer {
    /// Whether the database can keep it.
    var isStorable: Bool { [email, givenName, familyName ?? ""].allSatisfy(\.isStorable) }
}
