/// A mandatory message that came back, because it matched no queue (`basic.return`).
struct AMQPReturn: Sendable, Equatable {
    let replyCode: UInt16
    let replyText: String
    let exchange: String
    let routingKey: String
    let properties: AMQPProperties
}
