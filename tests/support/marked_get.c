/* Asks a web server for / over a socket with a mark: marked_get MARK ADDRESS PORT */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct timeval timeout = { .tv_sec = 5 };
	char answer[4096];
	ssize_t length;
	unsigned mark;
	int is_v6, fd;

	if (argc != 4)
		return 64;
	mark = (unsigned)atoi(argv[1]);
	is_v6 = strchr(argv[2], ':') != NULL;
	v4.sin_port = v6.sin6_port = htons((unsigned short)atoi(argv[3]));
	if (inet_pton(is_v6 ? AF_INET6 : AF_INET, argv[2],
		      is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr) != 1)
		return 64;
	fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) ||
	    connect(fd, is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4,
		    is_v6 ? sizeof(v6) : sizeof(v4)) ||
	    write(fd, request, sizeof(request) - 1) < 0) {
		perror("marked_get");
		return 1;
	}
	while ((length = read(fd, answer, sizeof(answer))) > 0)
		if (fwrite(answer, 1, (size_t)length, stdout) != (size_t)length)
			return 1;
	return length < 0;
}
