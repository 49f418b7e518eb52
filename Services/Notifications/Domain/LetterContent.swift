import Contracts

/// What the templates of letters may name. Every text stands on one line; what a kind of letter does not tell is absent.
struct LetterContent: Sendable {
    let recipientName: String
    /// The buyer's given name, or the organisation's name.
    let salutation: String
    let publicURL: String

    private(set) var eventName: String?
    private(set) var occurrenceName: String?
    private(set) var start: String?
    private(set) var zone: String?
    private(set) var organizerName: String?
    private(set) var reason: String?
    private(set) var isCancellation = false
    private(set) var orderCode: String?
    private(set) var checkoutCode: String?
    /// Absent when no money goes back.
    private(set) var amount: String?
    /// `2 tickets`, `1 ticket`; absent when all stay valid.
    private(set) var ticketCountText: String?

    private(set) var endpointID: String?
    private(set) var endpointURL: String?
    private(set) var isGone = false
    private(set) var failingSince: String?
    private(set) var disabledAt: String?

    init(_ letter: Letter, publicURL: String) {
        self.publicURL = publicURL
        switch letter {
        case .occurrenceCanceled(let refund), .orderRefunded(let refund):
            recipientName = refund.buyer.fullName
            salutation = refund.buyer.givenName.singleLine
            tell(refund)
        case .checkoutRefunded(let checkout):
            recipientName = checkout.buyer.fullName
            salutation = checkout.buyer.givenName.singleLine
            amount = checkout.currency.format(checkout.amountCents)
            checkoutCode = Self.code(checkout.checkoutID.description)
        case .endpointDisabled(let endpoint):
            recipientName = endpoint.organizationName.singleLine
            salutation = endpoint.organizationName.singleLine
            endpointID = endpoint.endpointID.description
            endpointURL = endpoint.url.singleLine
            isGone = endpoint.reason == .gone
            failingSince = endpoint.failingSince.map(Self.universal)
            disabledAt = Self.universal(endpoint.disabledAt)
        }
    }

    private mutating func tell(_ refund: RefundLetter) {
        let time = VenueTime(startAt: refund.startAt, endAt: refund.startAt, timezone: refund.timezone)
        let line: (String?) -> String? = { text in
            guard let line = text?.singleLine, !line.isEmpty else { return nil }
            return line
        }
        eventName = refund.eventName.singleLine
        occurrenceName = line(refund.occurrenceName)
        start = time.start
        zone = time.zone
        organizerName = line(refund.organizerName)
        reason = line(refund.reason)
        isCancellation = refund.isCancellation
        orderCode = Self.code(refund.orderID.description)
        if refund.amountCents > 0 { amount = refund.currency.format(refund.amountCents) }
        switch refund.ticketCount {
        case 0: break
        case 1: ticketCountText = "1 ticket"
        case let count: ticketCountText = "\(count) tickets"
        }
    }

    /// The last group of an id, so that support finds the object by the end of its id.
    private static func code(_ id: String) -> String { String(id.suffix(12)).uppercased() }

    /// An organisation has no venue's zone.
    private static func universal(_ time: Timestamp) -> String {
        VenueTime(startAt: time, endAt: time, timezone: "UTC").start + " UTC"
    }
}

extension Buyer {
    /// Given and family name on one line.
    var fullName: String {
        [givenName, familyName ?? ""].map(\.singleLine).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
