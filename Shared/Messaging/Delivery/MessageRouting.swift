import Contracts

/// Where each kind of message goes.
enum MessageRouting {
    static func destination(of message: any Message) -> (exchange: String, routingKey: String) {
        switch message {
        case let command as any StockCommand:
            (Exchange.inventory, command.occurrenceID.description)
        case is any Command:
            (Exchange.commands, type(of: message).name)
        default:
            (Exchange.events, type(of: message).name)
        }
    }
}

/// The platform's exchanges. Every service declares them all, so that the order of starting does not matter.
public enum Exchange {
    /// Direct: commands, by their name, to the one queue of their recipient.
    public static let commands = "voelgoed.commands"
    /// Direct: events, by their name, to every subscriber's queue.
    public static let events = "voelgoed.events"
    /// Direct: requests, by their recipient.
    public static let requests = "voelgoed.requests"
    /// Consistent hash: stock commands, by their occurrence, over the partition queues.
    public static let inventory = "voelgoed.inventory"
}
