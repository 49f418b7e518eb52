/// A document's bytes.
public struct RenderedDocument: Codable, Sendable, Equatable {
    public var contentType: String
    public var base64: String

    enum CodingKeys: String, CodingKey {
        case base64
        case contentType = "content_type"
    }

    public init(contentType: String, base64: String) {
        self.contentType = contentType
        self.base64 = base64
    }

    public static var example: RenderedDocument {
        RenderedDocument(contentType: "application/pdf", base64: "JVBERi0=")
    }
}
