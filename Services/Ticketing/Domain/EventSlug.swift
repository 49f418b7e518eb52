import Foundation

/// Makes and judges the URL-friendly names of events.
enum EventSlug {
    static let maximumLength = 100

    /// Lower-case letters and digits in groups that single hyphens join.
    static func isValid(_ slug: String) -> Bool {
        guard (1...maximumLength).contains(slug.utf8.count) else { return false }
        return slug.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { group in
            !group.isEmpty && group.utf8.allSatisfy(isAllowed)
        }
    }

    /// The slug of a name. Accents are dropped; a name without any Latin letter or digit becomes `event`.
    static func make(from name: String) -> String {
        var slug: [UInt8] = []
        for scalar in name.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if scalar.isASCII, isAllowed(UInt8(scalar.value)) {
                slug.append(UInt8(scalar.value))
            } else if scalar.properties.generalCategory != .nonspacingMark, slug.last != hyphen, !slug.isEmpty {
                slug.append(hyphen)
            }
        }
        return shorten(slug, to: maximumLength)
    }

    /// The slug, and then the slug with numbers from 2: the first one that is free is taken.
    static func candidates(for slug: String, count: Int) -> [String] {
        (1...count).map { number in
            guard number > 1 else { return slug }
            let suffix = "-\(number)"
            return shorten(Array(slug.utf8), to: maximumLength - suffix.utf8.count) + suffix
        }
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func isAllowed(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }

    private static func shorten(_ slug: [UInt8], to length: Int) -> String {
        var slug = slug.prefix(length)
        while slug.last == hyphen { slug.removeLast() }
        return slug.isEmpty ? "event" : String(decoding: slug, as: UTF8.self)
    }
}
