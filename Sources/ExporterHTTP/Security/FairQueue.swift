import DequeModule

/// Items in a queue for each user of each address. Addresses are served in turn, and so are the users of one address: a
/// long queue does not delay a short one.
struct FairQueue<Item> {
    /// Named queues, served in turn.
    private struct Turns<Queue> {
        var queues: [String: Queue] = [:]
        var order: Deque<String> = []

        mutating func update(_ name: String, orElse new: Queue, _ change: (inout Queue) -> Void) {
            if queues[name] == nil { order.append(name) }
            change(&queues[name, default: new])
        }

        /// The first item that a queue returns; queues that return none are dropped.
        mutating func popFirst(_ pop: (inout Queue) -> Item?) -> Item? {
            while let name = order.popFirst() {
                guard var queue = queues.removeValue(forKey: name), let item = pop(&queue) else { continue }
                queues[name] = queue
                order.append(name)
                return item
            }
            return nil
        }
    }

    private var addresses = Turns<Turns<Deque<Item>>>()

    /// Adds an item at the end of its queue.
    mutating func append(_ item: Item, of user: String, from address: String) {
        addresses.update(address, orElse: Turns()) { users in
            users.update(user, orElse: []) { $0.append(item) }
        }
    }

    /// Removes the first item of the next queue; nil where nothing waits.
    mutating func popFirst() -> Item? {
        addresses.popFirst { users in users.popFirst { $0.popFirst() } }
    }

    /// Removes the item of a queue that satisfies a condition; nil where there is none.
    mutating func remove(of user: String, from address: String, where condition: (Item) -> Bool) -> Item? {
        guard let position = addresses.queues[address]?.queues[user]?.firstIndex(where: condition) else { return nil }
        return addresses.queues[address]?.queues[user]?.remove(at: position)
    }
}
