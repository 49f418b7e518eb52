/// One page of a list, in the order of the list's cursor.
public struct Page<Element: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    public var data: [Element]
    /// Opaque: give it back as `cursor` to get the next page; nil on the last one.
    public var nextCursor: String?

    enum CodingKeys: String, CodingKey {
        case data
        case nextCursor = "next_cursor"
    }

    public init(data: [Element], nextCursor: String?) {
        self.data = data
        self.nextCursor = nextCursor
    }

    /// `next_cursor` is always present: null on the last page.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(data, forKey: .data)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}

/// Which page of a list is wanted.
public struct PageRequest: Codable, Sendable, Equatable {
    /// 1 to 200.
    public var limit: Int
    public var cursor: String?

    public static let defaultLimit = 50
    public static let maximumLimit = 200

    public init(limit: Int = PageRequest.defaultLimit, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }

    /// The id that a cursor made of an id stands for.
    /// - Throws: a `validation-failed` ``Problem`` that names `cursor`.
    public func position<Subject>(
        of subject: Identifier<Subject>.Type = Identifier<Subject>.self
    ) throws
        -> Identifier<Subject>?
    {
        guard let cursor else { return nil }
        guard let id = Identifier<Subject>(cursor) else {
            throw Problem.validation("cursor", "must be the next_cursor of an earlier page")
        }
        return id
    }
}

extension Page {
    /// Cuts a page out of rows that were read with one row more than the limit.
    public init(rows: [Element], limit: Int, cursor: (Element) -> String) {
        if rows.count > limit {
            let data = Array(rows.prefix(limit))
            self.init(data: data, nextCursor: data.last.map(cursor))
        } else {
            self.init(data: rows, nextCursor: nil)
        }
    }
}
