import Contracts

/// An address out of an organiser's free-form object, in the order in which addresses are written.
struct VenueAddress: Sendable, Equatable {
    let lines: [String]

    /// Lines that stand alone, each under the names it may have.
    private static let streetKeys = [
        ["line1", "line_1", "address_line1", "address_line_1", "street", "street_address", "address"],
        ["line2", "line_2", "address_line2", "address_line_2"], ["suburb", "district"],
    ]
    /// What stands on the line of the town.
    private static let townKeys = [["postal_code", "postcode", "zip"], ["city", "town", "locality"]]
    private static let regionKeys = [["province", "state", "region"], ["country"]]

    /// Nil when the value holds no text to show.
    init?(_ value: JSONValue?) {
        let lines: [String]
        switch value {
        case .string(let text):
            lines = text.split(whereSeparator: \.isNewline).map { String($0).singleLine }
        case .object(let members):
            let first: ([String]) -> String? = { names in
                names.lazy.compactMap { Self.text(members[$0]) }.first
            }
            let town = Self.townKeys.compactMap(first).joined(separator: " ")
            let known = Self.streetKeys.compactMap(first) + [town] + Self.regionKeys.compactMap(first)
            let isUnknown = known.allSatisfy(\.isEmpty)
            lines = isUnknown ? members.sorted { $0.key < $1.key }.compactMap { Self.text($0.value) } : known
        default:
            lines = []
        }
        self.lines = lines.filter { !$0.isEmpty }
        if self.lines.isEmpty { return nil }
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text):
            let line = text.singleLine
            return line.isEmpty ? nil : line
        case .integer(let number): return String(number)
        default: return nil
        }
    }
}
