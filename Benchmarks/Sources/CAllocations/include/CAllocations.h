/// Calls of malloc and its kin since the program started; 0 where the C library is not glibc.
long allocation_count(void);
