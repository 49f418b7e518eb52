/// By how much a batch moved one pool.
struct InventoryChange: Sendable, Equatable {
    let poolID: InventoryPoolID
    let reserved: Int
    let sold: Int
}
