/// Searches in arrays that ascend by an integer key, each key once.
extension Array {
    /// The position of the first element whose key is at least `key`.
    func position(of key: Int64, by path: KeyPath<Element, Int64>) -> Int {
        if let last, last[keyPath: path] < key { return count }
        var range = startIndex..<endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if self[middle][keyPath: path] < key {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    /// The elements whose keys are in a range.
    func elements(in keys: ClosedRange<Int64>, by path: KeyPath<Element, Int64>) -> ArraySlice<Element> {
        let start = position(of: keys.lowerBound, by: path)
        var end = position(of: keys.upperBound, by: path)
        if end < count, self[end][keyPath: path] == keys.upperBound { end += 1 }
        return self[start..<end]
    }

    /// The element with a key; nil when there is none.
    func element(_ key: Int64, by path: KeyPath<Element, Int64>) -> Element? {
        elements(in: key...key, by: path).first
    }

    /// Inserts an element at its position; returns whether its key is new.
    mutating func insert(_ element: Element, by path: KeyPath<Element, Int64>, isReplacing: Bool) -> Bool {
        let position = position(of: element[keyPath: path], by: path)
        guard position < count, self[position][keyPath: path] == element[keyPath: path] else {
            insert(element, at: position)
            return true
        }
        if isReplacing { self[position] = element }
        return false
    }

    /// Removes the element with a key, where there is one.
    mutating func remove(_ key: Int64, by path: KeyPath<Element, Int64>) {
        let position = position(of: key, by: path)
        if position < count, self[position][keyPath: path] == key { remove(at: position) }
    }

    /// Removes elements; returns their number.
    mutating func removeCounted(_ isRemoved: (Element) -> Bool) -> Int {
        let before = count
        removeAll(where: isRemoved)
        return before - count
    }
}
