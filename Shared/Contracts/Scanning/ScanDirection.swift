/// Which way the holder walks.
public enum ScanDirection: String, Codable, Sendable, CaseIterable {
    case `in`
    case out

    public static var example: ScanDirection { .in }
}
