import Contracts

/// One refund as reports count it.
struct ReportedRefund: Sendable, Equatable {
    let organizationID: OrganizationID
    let refund: OrderRefunded
}
