import Contracts
import Foundation
import Postgres
import ServiceRuntime

/// What an operator decides about Payments.
struct PaymentsConfiguration: Sendable {
    let fee: PlatformFee
    let refundFees: RefundFees
    let persistence: ChargePersistence
    let providerDeadline: Duration
    let chargeConcurrency: Int
    let refundConcurrency: Int
    let sandboxDatabase: PostgresConfiguration
    let sandboxOwnerURL: String

    init(_ settings: ServiceSettings) throws {
        fee = PlatformFee(
            basisPoints: try settings.integer(
                "platform.fee.basis.points", default: 150, in: 0...10_000,
                "The platform's part of a captured amount, in hundredths of a percent."),
            fixedCents: try settings.integer(
                "platform.fee.fixed.cents", default: 0, in: 0...1_000_000,
                "What the platform takes of each capture on top, in minor units."))
        refundFees = try settings.choice(
            "refund.fees", default: RefundFees.kept,
            "Whether the platform keeps its fee when an organiser refunds, or returns it in proportion.")
        persistence = ChargePersistence(
            abandonAfter: .seconds(
                try settings.integer(
                    "charge.abandon.seconds", default: 300, in: 0...86_400,
                    "How long after the end of the hold a charge is still ordered from a provider that refuses it.")))
        providerDeadline = .seconds(
            try settings.integer(
                "provider.deadline.seconds", default: 5, in: 1...60,
                "How long a provider may take for an answer; later answers are asked for."))
        chargeConcurrency = try settings.integer(
            "charge.concurrency", default: 64, in: 1...1000,
            "How many charges one process orders, and asks after, at a time.")
        refundConcurrency = try settings.integer(
            "refund.concurrency", default: 32, in: 1...1000,
            "How many refunds one process orders, and asks after, at a time.")
        var database = try PostgresConfiguration(
            url: settings.secret("sandbox.database.url", "The sandbox provider's own book under its runtime role."))
        database.maximumConnections = try settings.integer(
            "sandbox.database.connections", default: 8, in: 1...100,
            "The most connections one process opens to the sandbox provider's book.")
        database.applicationName = "voelgoed sandbox provider"
        database.planning = .onceByIndex
        sandboxDatabase = database
        sandboxOwnerURL = try settings.string(
            "sandbox.database.owner.url", default: "",
            "The sandbox provider's book under the role that owns its tables, secret, for migrate.")
    }
}
