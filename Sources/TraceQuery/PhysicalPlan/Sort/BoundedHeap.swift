/// The best few of many: a heap with the worst kept element on top, so that most are turned away by one comparison.
struct BoundedHeap<Element> {
    private(set) var elements: [Element] = []
    let capacity: Int
    private let precedes: (Element, Element) -> Bool

    init(capacity: Int, _ precedes: @escaping (Element, Element) -> Bool) {
        self.capacity = capacity
        self.precedes = precedes
    }

    var isFull: Bool { elements.count >= capacity }

    /// The worst element kept.
    var worst: Element? { elements.first }

    mutating func insert(_ element: Element) {
        if elements.count < capacity {
            elements.append(element)
            var child = elements.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard precedes(elements[parent], elements[child]) else { break }
                elements.swapAt(parent, child)
                child = parent
            }
        } else if let worst = elements.first, precedes(element, worst) {
            elements[0] = element
            var parent = 0
            while true {
                let left = 2 * parent + 1
                guard left < elements.count else { break }
                let right = left + 1
                let child = right < elements.count && precedes(elements[left], elements[right]) ? right : left
                guard precedes(elements[parent], elements[child]) else { break }
                elements.swapAt(parent, child)
                parent = child
            }
        }
    }

    func sorted() -> [Element] { elements.sorted(by: precedes) }
}
