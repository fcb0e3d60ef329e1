// ThreadSanitizer does not see the futex behind a contended Synchronization.Mutex: the kernel changes the word of the
// lock. These two functions of the library are wrapped, and state what a contended lock and unlock order.
// The uncontended paths are atomic operations in the caller, which the sanitizer instruments.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// A method of a Swift type: the value is passed in the context register.
#define SWIFT_METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

void __tsan_acquire(void *address);
void __tsan_release(void *address);

typedef SWIFT_METHOD void Lock(uint32_t thread, SELF);
typedef SWIFT_METHOD void Unlock(SELF);

static Lock *real_lock;
static Unlock *real_unlock;

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

__attribute__((constructor)) static void find(void) {
    real_lock = (Lock *)dlsym(RTLD_NEXT, LOCK);
    real_unlock = (Unlock *)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT_METHOD void visible_lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT_METHOD void visible_lock(uint32_t thread, SELF) {
    real_lock(thread, self);
    __tsan_acquire(self);
}

SWIFT_METHOD void visible_unlock(SELF) __asm__(UNLOCK);
SWIFT_METHOD void visible_unlock(SELF) {
    __tsan_release(self);
    real_unlock(self);
}
