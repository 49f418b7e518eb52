/// Decide and store one scan.
public struct RecordScan: Request {
    public static let name = "scanning.record-scan.v1"
    public static let recipient = ServiceName.scanning
    public static let isQuick = true
    public typealias Reply = ScanAnswer
    public static var replyExample: ScanAnswer { .example }

    public var scan: ScanDraft

    public init(scan: ScanDraft) {
        self.scan = scan
    }

    public static var example: RecordScan {
        RecordScan(scan: .example)
    }
}
