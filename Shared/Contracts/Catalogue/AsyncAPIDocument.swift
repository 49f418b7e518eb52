import Foundation

/// The message catalogue as an AsyncAPI 3.0 document, generated from the message types.
public enum AsyncAPIDocument {
    /// The whole document, with sorted keys.
    public static func json() throws -> String {
        try MessageCodec.encodeForReading(document)
    }

    static var document: JSONValue {
        .object([
            "asyncapi": .string("3.0.0"),
            "info": .object([
                "title": .string("Voelgoed Events messages"), "version": .string("1.0.0"),
                "description": .string(
                    "Every message between the services. The AMQP type is the message's name; the envelope travels in AMQP "
                        + "properties and headers."),
                "license": .object(["name": .string("Apache-2.0")]),
            ]),
            "defaultContentType": .string(MessageCodec.contentType),
            "channels": .object(channels),
            "operations": .object(operations),
            "components": .object([
                "messages": .object(messages), "messageTraits": .object(["envelope": envelope]),
            ]),
        ])
    }

    private static var channels: [String: JSONValue] {
        var channels: [String: JSONValue] = [:]
        for message in MessageCatalogue.all {
            let exchange = Self.exchange(of: message)
            let existing = channels[exchange]?["messages"]
            var references: [String: JSONValue] = [:]
            if case .object(let members)? = existing { references = members }
            references[message.name] = .object(["$ref": .string("#/components/messages/\(message.name)")])
            channels[exchange] = .object([
                "address": .string(exchange), "messages": .object(references),
                "bindings": .object([
                    "amqp": .object([
                        "is": .string("routingKey"),
                        "exchange": .object([
                            "name": .string(exchange), "type": .string("direct"), "durable": .bool(true),
                        ]),
                        "bindingVersion": .string("0.3.0"),
                    ])
                ]),
            ])
        }
        return channels
    }

    private static var operations: [String: JSONValue] {
        var operations: [String: JSONValue] = [:]
        for message in MessageCatalogue.all {
            let exchange = Self.exchange(of: message)
            let reference = JSONValue.object([
                "$ref": .string("#/channels/\(exchange.replacing("/", with: "~1"))/messages/\(message.name)")
            ])
            let (name, action) = operation(of: message)
            operations[name] = .object([
                "action": .string(action), "channel": .object(["$ref": .string("#/channels/\(exchange)")]),
                "messages": .array([reference]),
            ])
        }
        return operations
    }

    private static func operation(of message: any Message.Type) -> (name: String, action: String) {
        switch message {
        case let event as any Event.Type: ("\(event.source) sends \(message.name)", "send")
        case let command as any Command.Type: ("\(command.recipient) receives \(message.name)", "receive")
        case let request as any Request.Type: ("\(request.recipient) answers \(message.name)", "receive")
        default: (message.name, "receive")
        }
    }

    static func exchange(of message: any Message.Type) -> String {
        switch message {
        case is any StockCommand.Type: "voelgoed.inventory"
        case is any Command.Type: "voelgoed.commands"
        case is any Request.Type: "voelgoed.requests"
        default: "voelgoed.events"
        }
    }

    private static var messages: [String: JSONValue] {
        var messages: [String: JSONValue] = [:]
        for message in MessageCatalogue.all {
            var entry: [String: JSONValue] = [
                "name": .string(message.name), "contentType": .string(MessageCodec.contentType),
                "traits": .array([.object(["$ref": .string("#/components/messageTraits/envelope")])]),
                "payload": JSONSchema.describing(message.example),
            ]
            if let request = message as? any Request.Type {
                entry["x-reply"] = JSONSchema.describing(request.replyExample)
            }
            messages[message.name] = .object(entry)
        }
        return messages
    }

    private static var envelope: JSONValue {
        .object([
            "headers": .object([
                "type": .string("object"),
                "properties": .object([
                    "occurred-at": .object(["type": .string("integer"), "description": .string("Unix milliseconds")]),
                    "organization-id": UUID.schema, "causation-id": UUID.schema,
                    "traceparent": .object([
                        "type": .string("string"), "description": .string("W3C Trace Context, level 1"),
                    ]),
                ]),
                "required": .array([.string("occurred-at")]),
            ])
        ])
    }
}
