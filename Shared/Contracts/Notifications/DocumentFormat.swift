/// How a ticket is drawn.
public enum DocumentFormat: String, Codable, Sendable, CaseIterable {
    case pdf
    case png

    public static var example: DocumentFormat { .pdf }
}
