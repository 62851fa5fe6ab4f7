/* write/marks.h: bytes that mark the words of a text that are removed or added. UTF-8 never contains them. */
#ifndef AT_WRITE_MARKS_H
#define AT_WRITE_MARKS_H

#define AT_MARK_REMOVED '\xF8'
#define AT_MARK_ADDED '\xF9'
#define AT_MARK_END '\xFA'

#endif
