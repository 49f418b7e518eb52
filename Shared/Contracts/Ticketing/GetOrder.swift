/// One order with its tickets.
public struct GetOrder: Request {
    public static let name = "ticketing.get-order.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = OrderDetails
    public static var replyExample: OrderDetails { .example }

    public var orderID: OrderID

    enum CodingKeys: String, CodingKey {
        case orderID = "order_id"
    }

    public init(orderID: OrderID) {
        self.orderID = orderID
    }

    public static var example: GetOrder {
        GetOrder(orderID: .example)
    }
}
