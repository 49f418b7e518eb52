/// The organisation's audit log, newest first.
public struct ListAuditEntries: Request {
    public static let name = "analytics.list-audit-entries.v1"
    public static let recipient = ServiceName.analytics
    public typealias Reply = Page<AuditEntry>
    public static var replyExample: Page<AuditEntry> { Page(data: [.example], nextCursor: nil) }

    public var page: PageRequest

    public init(page: PageRequest) {
        self.page = page
    }

    public static var example: ListAuditEntries {
        ListAuditEntries(page: PageRequest())
    }
}
