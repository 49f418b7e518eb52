import Contracts
import Messaging
import Postgres

@testable import Messaging
@testable import Operator

/// A bug that is planted to see whether a simulation finds it.
enum Mutation: String, CaseIterable, Sendable {
    // Of the runtime.
    case acknowledgeFirst = "acknowledge-first"
    case skipTheInbox = "skip-the-inbox"
    case rememberInMemory = "remember-in-memory"
    case publishBeforeCommit = "publish-before-commit"
    case believeEveryPublish = "believe-every-publish"
    case forgetTheRelay = "forget-the-relay"
    // Of the services.
    case sellWithoutCounting = "sell-without-counting"
    case releaseInFlight = "release-in-flight"
    case forgetTheRelease = "forget-the-release"
    case forgetTheTimer = "forget-the-timer"
    case dropTheSecondAnswer = "drop-the-second-answer"
    case confirmUnderpaid = "confirm-underpaid"
    case newKeyEachTime = "new-key-each-time"
    case forgetTheLedger = "forget-the-ledger"
    case admitAgain = "admit-again"
    case swallowAnEvent = "swallow-an-event"
    case forgetTheRefund = "forget-the-refund"
    // Of refunds and cancellations.
    case newRefundKeyEachTime = "new-refund-key-each-time"
    case giveBackTwice = "give-back-twice"
    case forgetTheRevocation = "forget-the-revocation"
    case refundUnprepared = "refund-unprepared"
    case skipAPage = "skip-a-page"
    // Of webhooks and mails.
    case renumberWebhooks = "renumber-webhooks"
    case believeEveryAnswer = "believe-every-answer"
    case mailOnce = "mail-once"

    /// What is wrong with it.
    var summary: String {
        switch self {
        case .acknowledgeFirst: "messages are acknowledged before they are handled"
        case .skipTheInbox: "what was handled before is handled again"
        case .rememberInMemory: "each process remembers for itself what it has handled, and nobody else does"
        case .publishBeforeCommit: "what a handler causes leaves before its transaction is committed"
        case .believeEveryPublish: "a message counts as sent although the broker has not confirmed it"
        case .forgetTheRelay: "nobody sends what a crash left in the outbox"
        case .sellWithoutCounting: "a hold does not see what is reserved already"
        case .releaseInFlight: "the end of the hold gives places back while a payment is in flight"
        case .forgetTheRelease: "a checkout that ends without tickets does not give its places back"
        case .forgetTheTimer: "due timers are deleted and fire nothing"
        case .dropTheSecondAnswer: "a checkout's second payment counts as a repetition of the first"
        case .confirmUnderpaid: "tickets are confirmed for less than their price"
        case .newKeyEachTime: "a charge that is repeated gets a new idempotency key"
        case .forgetTheLedger: "captures are not entered in the ledger"
        case .admitAgain: "the gates let in whoever is inside already"
        case .swallowAnEvent: "now and then Notifications does not act on a completed order"
        case .forgetTheRefund: "money that bought nothing is kept"
        case .newRefundKeyEachTime: "a refund that is repeated gets a new idempotency key"
        case .giveBackTwice: "a refund gives a place back more than once"
        case .forgetTheRevocation: "the gates do not hear of refunds"
        case .refundUnprepared: "tickets stay valid while their money goes back"
        case .skipAPage: "a cancellation begins with its second page"
        case .renumberWebhooks: "a webhook that is tried again is counted anew"
        case .believeEveryAnswer: "a webhook counts as delivered whatever the endpoint answers"
        case .mailOnce: "a mail that the relay did not take counts as sent"
        }
    }

    /// The messages without which the bug has no place yet.
    var needed: [String] {
        self == .forgetTheRefund ? [Refund.name] : []
    }

    /// What changes in the databases: a constraint that would not let the bug through, or that is the bug itself.
    @SimulationActor
    var statements: [(SimulatedDatabases.Database, String)] {
        switch self {
        case .skipTheInbox, .rememberInMemory:
            SimulatedWorld.services.compactMap { SimulatedDatabases.Database(rawValue: $0.rawValue) }
                .map { ($0, "ALTER TABLE inbox DROP CONSTRAINT inbox_pkey") }
        case .sellWithoutCounting:
            [
                (.ticketing, "ALTER TABLE inventory_pools DROP CONSTRAINT inventory_pool_reserved_check"),
                (.ticketing, "ALTER TABLE inventory_pools DROP CONSTRAINT inventory_pool_sold_check"),
            ]
        default: []
        }
    }
}
