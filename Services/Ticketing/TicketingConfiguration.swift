import Contracts
import ServiceRuntime

/// What an operator decides about Ticketing.
struct TicketingConfiguration: Sendable {
    let signingSecret: TicketSigningSecret
    let inventoryPartitions: Int

    init(_ settings: ServiceSettings) throws {
        let key = "ticket.signing.secret"
        let text = try settings.secret(
            key,
            "Signs ticket codes: at least 32 random bytes as hexadecimal digits, base64 or text. Never change it while "
                + "tickets are out.")
        guard let secret = TicketSigningSecret(text) else {
            throw SettingError(
                variable: ServiceSettings.variable(key),
                problem: "must stand for at least \(TicketSigningSecret.minimumLength) bytes")
        }
        signingSecret = secret
        inventoryPartitions = try settings.integer(
            "inventory.partitions", default: 10, in: 1...64,
            "How many queues the stock commands are spread over; the same for every process.")
    }
}
